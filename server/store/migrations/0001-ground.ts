import type { Migration } from '../migrate.ts'

/** `bigint` everywhere: ticks and epoch milliseconds outgrow PostgreSQL's 32-bit `integer`; SQLite reads it as its own integer. */
export const ground: Migration = {
  name: '0001-ground',
  async up(db) {
    await db.schema
      .createTable('slices')
      .addColumn('channel', 'text', (column) => column.notNull())
      .addColumn('sequence', 'bigint', (column) => column.notNull())
      .addColumn('from_tick', 'bigint', (column) => column.notNull())
      .addColumn('to_tick', 'bigint', (column) => column.notNull())
      .addColumn('source', 'text', (column) => column.notNull())
      .addColumn('airing', 'text')
      .addColumn('reason', 'text', (column) => column.notNull())
      // Two machines that commit the same next slice meet here: the first one wins.
      .addPrimaryKeyConstraint('slices_pk', ['channel', 'sequence'])
      .execute()
    await db.schema.createIndex('slices_by_tick').on('slices').columns(['channel', 'to_tick']).execute()

    await db.schema
      .createTable('schedules')
      .addColumn('version', 'bigint', (column) => column.primaryKey())
      .addColumn('schedule', 'text', (column) => column.notNull())
      .addColumn('station', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .execute()

    await db.schema
      .createTable('assets')
      .addColumn('path', 'text', (column) => column.primaryKey())
      .addColumn('record', 'text', (column) => column.notNull())
      .execute()

    await db.schema
      .createTable('articles')
      .addColumn('slug', 'text', (column) => column.primaryKey())
      .addColumn('title', 'text', (column) => column.notNull())
      .addColumn('lead', 'text', (column) => column.notNull())
      .addColumn('category', 'text', (column) => column.notNull())
      .addColumn('language', 'text', (column) => column.notNull())
      .addColumn('authors', 'text', (column) => column.notNull())
      .addColumn('published_at', 'bigint', (column) => column.notNull())
      .addColumn('updated_at', 'bigint', (column) => column.notNull())
      .addColumn('photo', 'text')
      .addColumn('reading_minutes', 'bigint', (column) => column.notNull())
      .addColumn('programme', 'text')
      .addColumn('source', 'text')
      .addColumn('body', 'text', (column) => column.notNull())
      .addColumn('search_text', 'text', (column) => column.notNull())
      .execute()
    await db.schema.createIndex('articles_by_time').on('articles').columns(['published_at', 'slug']).execute()

    await db.schema
      .createTable('daily_visits')
      .addColumn('day', 'text', (column) => column.primaryKey())
      .addColumn('visits', 'bigint', (column) => column.notNull())
      .addColumn('first_at', 'bigint', (column) => column.notNull())
      .addColumn('is_frozen', 'bigint', (column) => column.notNull())
      .execute()

    await db.schema
      .createTable('audience_minutes')
      .addColumn('channel', 'text', (column) => column.notNull())
      .addColumn('minute', 'bigint', (column) => column.notNull())
      .addColumn('audience', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('audience_minutes_pk', ['channel', 'minute'])
      .execute()
    await db.schema.createIndex('audience_minutes_by_time').on('audience_minutes').column('minute').execute()

    await db.schema
      .createTable('audience_peaks')
      .addColumn('channel', 'text', (column) => column.notNull())
      .addColumn('day', 'text', (column) => column.notNull())
      .addColumn('audience', 'bigint', (column) => column.notNull())
      .addColumn('minute', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('audience_peaks_pk', ['channel', 'day'])
      .execute()

    await db.schema
      .createTable('settings')
      .addColumn('key', 'text', (column) => column.primaryKey())
      .addColumn('value', 'text', (column) => column.notNull())
      .execute()
  },
}
