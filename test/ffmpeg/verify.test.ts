import assert from 'node:assert/strict'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { PackageIndex } from '#core/packageIndex.ts'
import { segmentOf } from '../../server/cmaf/air.ts'
import { NAL, nalsOf, nalType, sampleOf } from '../../server/cmaf/avc.ts'
import { DEPENDENT_SAMPLE, parseFragment, type Fragment } from '../../server/cmaf/fragment.ts'
import { verifyPackage } from '../../server/packager/verify.ts'
import { ffmpeg, findTools, packageFile, temporaryFolder } from './support.ts'

const tools = await findTools()

test('a package that breaks a rule of the house does not pass, whichever rule it is', async (t) => {
  const folder = await temporaryFolder(t)
  const film = join(folder, 'film.mp4')
  await ffmpeg(tools, '-f', 'lavfi', '-i', 'testsrc2=s=320x180:d=4', '-c:v', 'libx264', '-preset', 'ultrafast', film)
  const { outcome, folder: good } = await packageFile(tools, film, { form: 'tv', dataDir: join(folder, 'data') })
  assert.ok(outcome.ok)
  const index = outcome.value

  /** A copy with one fragment of v270 rebuilt by `change`. */
  const withFragment = async (name: string, change: (fragment: Fragment) => Buffer): Promise<readonly [string, PackageIndex]> => {
    const copy = join(folder, name)
    await cp(good, copy, { recursive: true })
    const v270 = index.renditions.v270
    assert.ok(v270)
    const file = await readFile(join(good, v270.file))
    const parts = v270.fragments.map(([offset, size], number) => {
      const part = file.subarray(offset, offset + size)
      return number === 1 ? change(parseFragment(part)) : part
    })
    let at = v270.init[1]
    const fragments = parts.map((part) => [(at += part.length) - part.length, part.length] as const)
    await writeFile(join(copy, v270.file), Buffer.concat([file.subarray(0, v270.init[1]), ...parts]))
    return [copy, { ...index, renditions: { ...index.renditions, v270: { ...v270, fragments } } }]
  }
  const rebuilt = (
    fragment: Fragment,
    change: Partial<{ tfdt: number; duration: number; flags: Uint32Array; sizes: Uint32Array; media: Buffer }>,
  ): Buffer =>
    segmentOf(
      {
        sizes: change.sizes ?? fragment.sizes,
        flags: change.flags ?? fragment.flags,
        duration: change.duration ?? 512,
        media: [change.media ?? fragment.media],
      },
      { sequence: fragment.sequence, tfdt: change.tfdt ?? fragment.tfdt },
    )
  const verify = (directory: string, changed: PackageIndex): Promise<void> =>
    verifyPackage(directory, changed, { tools, picture: 'video' })

  await verify(good, index)
  await verify(...(await withFragment('same', (fragment) => rebuilt(fragment, {}))))
  const broken: Record<string, readonly [RegExp, (fragment: Fragment) => Buffer]> = {
    late: [/270p picture fragment 1 starts at/, (fragment) => rebuilt(fragment, { tfdt: fragment.tfdt + 512 })],
    slow: [/do not last 512 units/, (fragment) => rebuilt(fragment, { duration: 513 })],
    'no-sync': [
      /does not start with a sync sample/,
      (fragment) => rebuilt(fragment, { flags: new Uint32Array(48).fill(DEPENDENT_SAMPLE) }),
    ],
    short: [
      /fragment 1 has 47 samples, 48 are due/,
      (fragment) =>
        rebuilt(fragment, {
          sizes: fragment.sizes.subarray(0, 47),
          flags: fragment.flags.subarray(0, 47),
          media: fragment.media.subarray(0, fragment.media.length - (fragment.sizes[47] ?? 0)),
        }),
    ],
    'no-sets': [
      /no parameter sets in band/,
      (fragment) => withFirst(fragment, (nals) => nals.filter((nal) => nalType(nal) === NAL.idr)),
    ],
    'other-size': [
      /not the house's|cut off|damaged/,
      (fragment) =>
        withFirst(fragment, (nals) =>
          nals.map((nal) =>
            nalType(nal) === NAL.sps ? Buffer.concat([nal.subarray(0, 3), Buffer.from([0x28]), nal.subarray(4)]) : nal,
          ),
        ),
    ],
    torn: [
      /does not decode cleanly|decodes to/,
      (fragment) =>
        rebuilt(fragment, {
          media: Buffer.concat([
            fragment.media.subarray(0, (fragment.sizes[0] ?? 0) + 4),
            Buffer.alloc(fragment.media.length - (fragment.sizes[0] ?? 0) - 4, 0x55),
          ]),
        }),
    ],
  }
  for (const [name, [message, change]] of Object.entries(broken)) {
    await assert.rejects(verify(...(await withFragment(name, change))), { code: 'PACKAGE_INVALID', message }, name)
  }
  const { v480, v720 } = index.renditions
  assert.ok(v480 && v720)
  const swapped = { ...index, renditions: { ...index.renditions, v720: { ...v480, id: 'v720' as const } } }
  await assert.rejects(verify(good, swapped), { code: 'PACKAGE_INVALID', message: /720p picture fragment 0 is 854 × 480/ })
  await assert.rejects(verify(good, { ...index, ticks: index.ticks + 1 }), { code: 'PACKAGE_INVALID' })
  const { v720: _missing, ...others } = index.renditions
  await assert.rejects(verify(good, { ...index, renditions: others }), {
    code: 'PACKAGE_INVALID',
    message: /720p picture is missing/,
  })
})

function withFirst(fragment: Fragment, change: (nals: readonly Buffer[]) => readonly Buffer[]): Buffer {
  const size = fragment.sizes[0] ?? 0
  const first = sampleOf(change(nalsOf(fragment.media.subarray(0, size))))
  const sizes = Uint32Array.from(fragment.sizes, (bytes, place) => (place === 0 ? first.length : bytes))
  return segmentOf(
    { sizes, flags: fragment.flags, duration: 512, media: [first, fragment.media.subarray(size)] },
    { sequence: fragment.sequence, tfdt: fragment.tfdt },
  )
}
