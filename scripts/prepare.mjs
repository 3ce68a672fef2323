// Makes a fresh checkout runnable; silent and instant when nothing is missing. Runs under whatever Node started npm (>= 20), before
// any dependency exists, so it is plain JavaScript.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { delimiter, join } from 'node:path'

const root = join(import.meta.dirname, '..')
const purpose = process.argv[2] === 'test' ? 'test' : 'start'
process.chdir(root)

const [major] = process.versions.node.split('.').map(Number)
if (major < 20) stop(`Node 20 or newer is needed to set up; found ${process.versions.node}.`)

installPackages()
installPrograms()
buildWeb()

function installPackages() {
  const wanted = fingerprintOf(['package.json', 'package-lock.json'])
  const mark = join(root, 'node_modules', '.prepared')
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted && existsSync('node_modules/.bin/node')) return
  say('Installing npm packages (once, about a minute) …')
  // Install scripts stay off but for one: the package `node` puts the runtime into node_modules/.bin. Every other package carries
  // its binaries inside, and a machine without a compiler must not try to build them.
  run(npm(), ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'])
  run(npm(), ['rebuild', 'node', '--ignore-scripts=false', '--loglevel=error'])
  const version = spawnSync('node_modules/.bin/node', ['--version'], { encoding: 'utf8' }).stdout?.trim() ?? ''
  if (!version.startsWith('v24.'))
    stop(`Node 24 should be at node_modules/.bin/node now; found "${version}". Run: npm rebuild node --foreground-scripts`)
  writeFileSync(mark, wanted)
}

function installPrograms() {
  const missing = []
  if (!isThere(process.env.FFMPEG_PATH || 'ffmpeg') || !isThere(process.env.FFPROBE_PATH || 'ffprobe')) missing.push('ffmpeg')
  if (purpose === 'test') {
    if (!chromium()) missing.push('chromium')
    if (!postgres()) missing.push('postgresql')
  }
  if (missing.length === 0) return
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...missing]
  const isRoot = process.getuid?.() === 0
  const prefix = isRoot ? [] : isThere('sudo') && spawnSync('sudo', ['-n', 'true']).status === 0 ? ['sudo', '-n'] : undefined
  const byHand = `${isRoot ? '' : 'sudo '}apt-get update && ${isRoot ? '' : 'sudo '}${install.join(' ')}`
  if (!isThere('apt-get') || !prefix) stop(`${missing.join(', ')} is missing. Please run: ${byHand}`)
  say(`Installing ${missing.join(', ')} from the system's packages (once) …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const as = (command) => spawnSync(command[0], command.slice(1), { stdio: ['ignore', 'ignore', 'inherit'], env })
  as([...prefix, 'apt-get', 'update', '-qq'])
  if (as([...prefix, ...install, '-qq']).status !== 0) stop(`${missing.join(', ')} could not be installed. Please run: ${byHand}`)
}

function buildWeb() {
  const wanted = fingerprintOf([
    'package-lock.json',
    ...filesIn('web', (path) => !path.startsWith(join('web', 'dist'))),
    ...filesIn('server/contract'),
  ])
  const mark = join(root, 'web', 'dist', '.built')
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return
  say('Building the web pages …')
  rmSync('web/dist', { recursive: true, force: true })
  run(npm(), ['run', '--silent', 'build', '--', '--logLevel=error'])
  writeFileSync(mark, wanted)
}

function chromium() {
  return [process.env.CHROMIUM_PATH, 'chromium', 'chromium-browser', 'google-chrome'].find(
    (program) => program && isThere(program),
  )
}

function postgres() {
  if (isThere('initdb') && isThere('postgres')) return true
  const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql') : []
  return versions.some((version) => existsSync(`/usr/lib/postgresql/${version}/bin/initdb`))
}

function isThere(program) {
  if (program.includes('/')) return existsSync(program)
  return (process.env.PATH ?? '').split(delimiter).some((folder) => folder && existsSync(join(folder, program)))
}

function filesIn(folder, isWanted = () => true) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((path) => isWanted(path) && statSync(path).isFile())
    .sort()
}

function fingerprintOf(paths) {
  const hash = createHash('sha256')
  for (const path of paths) hash.update(path).update('\0').update(readFileSync(path)).update('\0')
  return hash.digest('hex')
}

function npm() {
  return process.platform === 'win32' ? 'npm.cmd' : 'npm'
}

function run(command, args) {
  const { status } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) stop(`"${command} ${args.join(' ')}" failed; the reason stands above.`)
}

function say(text) {
  process.stdout.write(`${text}\n`)
}

function stop(text) {
  process.stderr.write(`${text}\n`)
  process.exit(1)
}
