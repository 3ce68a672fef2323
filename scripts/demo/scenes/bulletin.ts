import { dialogue, overBed, type Speech } from '../audio/speech.ts'
import { sentencesOf, story } from '../news.ts'
import { drawRidge, mist, ridge } from '../picture/land.ts'
import { clamp, ease, font, glow, gradient, HEIGHT, INK, shown, WIDTH, within, type Pen } from '../picture/stage.ts'
import { diamond, wrapped } from '../picture/titles.ts'
import { bandCell, hem, mark } from '../picture/weave.ts'
import { captions, lengthOf, piece, type Film } from './film.ts'

type Desk = {
  readonly wall: string
  readonly cloth: string
  readonly light: string
  readonly screen: readonly [string, string, string]
}
const DAY: Desk = { wall: '#1b4a52', cloth: '#23606a', light: '#e9f1ee', screen: ['#bcd8dc', '#5f9484', '#2f6b53'] }
const EVENING: Desk = { wall: '#0e2a2a', cloth: '#164238', light: '#dfe8e2', screen: ['#15263a', '#2f5a63', '#173b3a'] }

const CLOTH = Array.from({ length: 107 * 46 }, (_, i) => [i % 107, Math.floor(i / 107)] as const).filter(
  ([x, y]) => bandCell(x, y % 8, 9, 8) === 'outer',
)

export const studio = (pen: Pen, desk: Desk): void => {
  pen.fillStyle = gradient(pen, 0, HEIGHT, [
    [0, desk.wall],
    [1, '#0b1a1c'],
  ])
  pen.fillRect(0, 0, WIDTH, HEIGHT)
  pen.fillStyle = desk.cloth
  for (const [x, y] of CLOTH) pen.fillRect(x * 12, y * 12, 11, 11)
}

const SCREEN = { x: 540, y: 86, width: 660, height: 372 }
const screen = (pen: Pen, desk: Desk, draw: () => void): void => {
  within(pen, () => {
    pen.beginPath()
    pen.rect(SCREEN.x, SCREEN.y, SCREEN.width, SCREEN.height)
    pen.clip()
    pen.fillStyle = desk.screen[0]
    pen.fillRect(SCREEN.x, SCREEN.y, SCREEN.width, SCREEN.height)
    // It stands still: what moves behind the headline would cost more than everything else in the picture.
    within(pen, () => {
      pen.translate(SCREEN.x - 60, SCREEN.y - 130)
      pen.scale(0.72, 0.72)
      drawRidge(pen, ridge(11, 420, 230, desk.screen[1], 3), 0)
      mist(pen, 3, 520, 110, '#ffffff', 0.35, 0)
      drawRidge(pen, ridge(29, 590, 150, desk.screen[2], 7), 0)
    })
    draw()
  })
  pen.strokeStyle = '#7fc6a4'
  pen.lineWidth = 3
  pen.strokeRect(SCREEN.x, SCREEN.y, SCREEN.width, SCREEN.height)
}

/** Head and shoulders behind the desk. The head nods a little while the voice speaks. */
export const presenter = (
  pen: Pen,
  x: number,
  dress: { readonly cloth: string; readonly collar: string; readonly hair: 'bun' | 'short' },
  t: number,
  speaking: boolean,
): void =>
  within(pen, () => {
    const nod = speaking ? Math.sin(t * 5.3) * 2.2 + Math.sin(t * 2.1) * 1.5 : Math.sin(t * 0.9) * 0.8
    glow(pen, x, 320, 300, '#9fd4b4', 0.22)
    pen.translate(x, 0)
    pen.fillStyle = dress.cloth
    pen.beginPath()
    pen.moveTo(-142, 640)
    pen.bezierCurveTo(-140, 470, -96, 428, -40, 412)
    pen.lineTo(40, 412)
    pen.bezierCurveTo(96, 428, 140, 470, 142, 640)
    pen.fill()
    pen.fillStyle = dress.collar
    pen.beginPath()
    pen.moveTo(-40, 412)
    pen.lineTo(0, 500)
    pen.lineTo(40, 412)
    pen.lineTo(24, 402)
    pen.lineTo(-24, 402)
    pen.fill()
    for (let k = 0; k < 4; k++) diamond(pen, 0, 522 + k * 26, 6, INK.paper)
    pen.fillStyle = '#c9a386'
    pen.fillRect(-24, 362, 48, 48)
    pen.translate(0, nod)
    pen.fillStyle = '#d9b79c'
    pen.beginPath()
    pen.ellipse(0, 312, 57, 68, 0, 0, 7)
    pen.fill()
    pen.fillStyle = '#2a262f'
    pen.beginPath()
    pen.moveTo(-62, 316)
    pen.bezierCurveTo(-70, 208, 70, 208, 62, 316)
    pen.bezierCurveTo(52, 268, 20, 268, -6, 266)
    pen.bezierCurveTo(-40, 268, -54, 282, -62, 316)
    pen.fill()
    if (dress.hair === 'bun') {
      pen.beginPath()
      pen.arc(0, 226, 29, 0, 7)
      pen.fill()
      pen.fillStyle = '#d8dde0'
      pen.fillRect(-35, 222, 70, 5)
    }
    const blink = Math.sin(t * 1.37) > 0.985
    pen.fillStyle = '#2b2024'
    for (const side of [-1, 1]) {
      pen.beginPath()
      pen.ellipse(side * 22, 314, 5, blink ? 1 : 5, 0, 0, 7)
      pen.fill()
    }
    pen.fillStyle = '#a8594f'
    pen.beginPath()
    pen.ellipse(0, 348, 13, speaking ? 3 + 4 * Math.abs(Math.sin(t * 9.2) * Math.sin(t * 3.7 + 1)) : 2.4, 0, 0, 7)
    pen.fill()
  })

const counter = (pen: Pen, desk: Desk): void => {
  pen.fillStyle = gradient(pen, 560, 720, [
    [0, desk.light],
    [1, '#8fa79b'],
  ])
  pen.beginPath()
  pen.moveTo(0, 580)
  pen.lineTo(WIDTH, 580)
  pen.lineTo(WIDTH, HEIGHT)
  pen.lineTo(0, HEIGHT)
  pen.fill()
  hem(pen, 0, 596, 260, 5, { outer: INK.forest, inner: INK.thread })
}

const speakingAt = (speech: Speech, t: number): boolean => speech.marks.some((m) => m.from <= t && t < m.to)

/** A television bulletin: each story's headline on the screen while it is read, the line-up below. */
const bulletin = (options: {
  file: string
  title: string
  greeting: string
  goodbye: string
  slugs: readonly string[]
  bed: 'nenSang' | 'nenChieu'
  desk: Desk
  reader: 'ha' | 'trung'
}): Film => ({
  file: options.file,
  title: options.title,
  crf: 40,
  build: () => {
    const stories = options.slugs.map(story)
    const spoken = stories.map((s) => sentencesOf(s).slice(0, 2))
    const speech = overBed(
      dialogue([
        [options.reader, [options.greeting]],
        ...spoken.map((s, i) => [i % 2 ? (options.reader === 'ha' ? 'trung' : 'ha') : options.reader, s] as const),
        [options.reader, [options.goodbye]],
      ]),
      piece(options.bed),
      { leadSeconds: 2.4, tailSeconds: 2.6 },
    )
    const starts = stories.map((s) => speech.marks.find((m) => m.text === `${s.title}.`)?.from ?? 0)
    return {
      seconds: lengthOf(speech),
      sound: speech.sound,
      draw: (pen, t) => {
        const current = starts.findLastIndex((start) => t >= start - 0.3)
        const goodbye = (speech.marks.at(-1)?.from ?? 0) - 0.2
        studio(pen, options.desk)
        screen(pen, options.desk, () => {
          const headline = stories[current]
          pen.fillStyle = '#0d141a8c'
          pen.fillRect(SCREEN.x, SCREEN.y, SCREEN.width, SCREEN.height)
          if (!headline || t >= goodbye) {
            mark(pen, 'ms1', SCREEN.x + 250, SCREEN.y + 70, 160, { ground: INK.forest, thread: INK.white }, ease(t, 0.2, 2))
            font(pen, 40, 700)
            pen.fillStyle = INK.white
            pen.textAlign = 'center'
            pen.fillText(options.title, SCREEN.x + 330, SCREEN.y + 300)
            pen.textAlign = 'left'
            return
          }
          const since = starts[current] ?? 0
          pen.globalAlpha = ease(t, since - 0.3, since + 0.4)
          font(pen, 24, 600)
          pen.fillStyle = INK.ban
          pen.fillText(`Tin ${current + 1}/${stories.length}`, SCREEN.x + 40, SCREEN.y + 66)
          font(pen, 42, 700)
          pen.fillStyle = INK.white
          wrapped(pen, headline.title, SCREEN.width - 80).forEach((line, i) =>
            pen.fillText(line, SCREEN.x + 40, SCREEN.y + 128 + i * 56),
          )
          hem(pen, SCREEN.x + 40, SCREEN.y + 324, Math.round(ease(t, since, since + 2) * 144), 4, {
            outer: INK.turmeric,
            inner: INK.thread,
          })
          pen.globalAlpha = 1
        })
        presenter(
          pen,
          300,
          options.reader === 'ha'
            ? { cloth: '#9c2a5c', collar: INK.paper, hair: 'bun' }
            : { cloth: '#243b5a', collar: INK.paper, hair: 'short' },
          t,
          speakingAt(speech, t),
        )
        counter(pen, options.desk)
        pen.fillStyle = '#0d141ae8'
        pen.fillRect(0, 654, WIDTH, 61)
        pen.fillStyle = INK.red
        pen.fillRect(0, 654, 176, 61)
        font(pen, 25, 600)
        pen.fillStyle = INK.white
        pen.fillText(options.title.slice(0, 13), 20, 693, 140)
        // A line-up that changes with the story: a running ticker costs ten times the bits and nobody reads it.
        const next = stories[current + 1]
        const since = starts[current] ?? 0
        font(pen, 24, 500)
        pen.globalAlpha = current < 0 ? 1 : ease(t, since + 0.2, since + 0.8)
        pen.fillStyle = '#e9efe9'
        pen.fillText(
          t >= goodbye ? 'Xem thêm ở mục Tin tức của đài' : next ? `Tiếp theo: ${next.title}` : 'Tiếp theo: Thời tiết phố núi',
          206,
          693,
          WIDTH - 260,
        )
        pen.globalAlpha = 1
        pen.fillStyle = `rgba(13,20,26,${1 - shown(t, 0, lengthOf(speech) + 0.4, 0.7)})`
        pen.fillRect(0, 0, WIDTH, HEIGHT)
      },
    }
  },
})

const TALK: readonly (readonly ['ha' | 'trung', readonly string[]])[] = [
  ['ha', ['Kính chào quý vị, đây là chương trình Đối thoại.', 'Thưa ông, nước sạch bao giờ về tới bản Huổi Mây?']],
  ['trung', ['Đường ống chính đã qua dốc, còn tám trăm mét nữa.', 'Mỗi hộ góp hai ngày công, tổ thợ của phường lo mối nối.']],
  ['ha', ['Bà con hỏi nhiều nhất là tiền nước mỗi tháng.']],
  ['trung', ['Mỗi hộ có đồng hồ riêng, dùng bao nhiêu trả bấy nhiêu.', 'Sổ thu chi dán ở nhà văn hoá, ai cũng xem được.']],
]
const talk: Film = {
  file: 'doi-thoai/nuoc-sach-ve-ban.mp4',
  title: 'Đối thoại: nước sạch về bản',
  build: () => {
    const speech = overBed(dialogue(TALK), piece('nenChieu'), { leadSeconds: 3.2, tailSeconds: 2.4 })
    const isHost = (t: number) =>
      speech.marks.some((m) => m.from <= t && t < m.to && (TALK[0]?.[1].includes(m.text) || TALK[2]?.[1].includes(m.text)))
    return {
      seconds: lengthOf(speech),
      sound: speech.sound,
      draw: (pen, t) => {
        studio(pen, EVENING)
        within(pen, () => {
          pen.translate(640, 200)
          pen.globalAlpha = 0.9
          mark(pen, 'ms1', -80, -110, 160, { ground: '#123f33', thread: '#7fc6a4' })
        })
        presenter(pen, 360, { cloth: '#9c2a5c', collar: INK.paper, hair: 'bun' }, t, isHost(t))
        presenter(pen, 920, { cloth: '#2b3d33', collar: '#efe7d4', hair: 'short' }, t + 3, speakingAt(speech, t) && !isHost(t))
        counter(pen, EVENING)
        if (t < 3.4) {
          pen.globalAlpha = clamp(1 - ease(t, 2.7, 3.4))
          pen.fillStyle = '#0d141ad8'
          pen.fillRect(0, 500, WIDTH, 160)
          font(pen, 54, 700)
          pen.fillStyle = INK.white
          pen.fillText('Đối thoại: nước sạch về bản', 84, 590)
          pen.globalAlpha = 1
        }
        captions(pen, t, speech.marks)
      },
    }
  },
}

export const BULLETINS: readonly Film[] = [
  bulletin({
    file: 'thoi-su-toi/thoi-su-toi.mp4',
    title: 'Thời sự tối',
    greeting: 'Kính chào quý vị, mời quý vị theo dõi Thời sự tối.',
    goodbye: 'Thời sự tối đến đây là hết. Chúc quý vị một buổi tối ấm áp.',
    slugs: ['mua-ban-pho-nui', 'cau-treo-na-suong', 'ret-dem-deo-khau-may', 'man-som-co-ban'],
    bed: 'nenChieu',
    desk: EVENING,
    reader: 'ha',
  }),
  bulletin({
    file: 'thoi-su-sang/thoi-su-sang.mp4',
    title: 'Thời sự sáng',
    greeting: 'Chào buổi sáng. Đây là Thời sự sáng của Đài Mường Sương.',
    goodbye: 'Chúc quý vị một ngày làm việc nhiều niềm vui.',
    slugs: ['dich-vu-cong-tai-nha', 'xe-khach-doi-gio', 'thu-vien-huoi-may'],
    bed: 'nenSang',
    desk: DAY,
    reader: 'trung',
  }),
  talk,
]
