import prettier from 'eslint-config-prettier'
import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import ts from 'typescript-eslint'

const pure =
  'core is pure: take it as an argument (a clock reading as `at: Instant`, a random choice as a seed, a file as its parsed contents).'

export default ts.config(
  { ignores: ['node_modules', 'var', 'web/dist', 'media/**/*.mjs'] },
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  prettier,
  ...svelte.configs.prettier,
  {
    languageOptions: { globals: { ...globals.node } },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/unified-signatures': 'off',
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts', 'web/src/**/*.ts'],
    languageOptions: { globals: { ...globals.browser }, parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'] } },
  },
  {
    files: ['server/core/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['process', 'setTimeout', 'setInterval', 'fetch', 'Buffer', 'performance'].map((name) => ({ name, message: pure })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: pure },
        { object: 'Math', property: 'random', message: pure },
        { object: 'crypto', property: 'randomUUID', message: pure },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: pure },
        { selector: 'AwaitExpression', message: pure },
        { selector: 'FunctionDeclaration[async=true], ArrowFunctionExpression[async=true]', message: pure },
      ],
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['node:*', '../*', 'better-sqlite3', 'fastify*', 'ws', 'pg', 'kysely'], message: pure }] },
      ],
    },
  },
  {
    files: ['server/cli/**/*.ts', 'server/composition/run.ts', 'test/**/*.ts', 'media/**/*.ts', 'scripts/**'],
    rules: { 'no-console': 'off' },
  },
)
