import { overBed, speak } from '../audio/speech.ts'
import { drawRidge, mist, ridge, sky, stars } from '../picture/land.ts'
import { ease, font, glow, gradient, HEIGHT, INK, WIDTH, within, type Pen } from '../picture/stage.ts'
import { lowerThird, opening } from '../picture/titles.ts'
import { bandCell, hem } from '../picture/weave.ts'
import { captions, excerpt, lengthOf, piece, type Film } from './film.ts'

const CELL = 20
const COLUMNS = 64
const threadOf = (cell: ReturnType<typeof bandCell>, threads: { readonly outer: string; readonly inner: string }): string =>
  cell ? threads[cell] : '#1a2440'

/** The cloth of one loom, repeating every 36 rows. */
const clothColour = (x: number, row: number): string => {
  const y = row % 36
  if (y === 0 || y === 11 || y === 24 || y === 35) return INK.turmeric
  if (y === 12 || y === 23) return '#22305a'
  if (y < 11) return threadOf(bandCell(x, y - 1, 9, 8), { outer: '#f1a9c4', inner: '#c9527f' })
  if (y < 24) return threadOf(bandCell(x + 4, y - 13, 9, 8), { outer: '#e8eee6', inner: '#84cda7' })
  return threadOf(bandCell(x, y - 25, 9, 8), { outer: '#3f9a72', inner: '#efc66b' })
}

/** Each row is beaten in from alternating sides; the finished cloth rolls down towards the weaver. */
const weaving = (pen: Pen, t: number, rowsASecond: number, top: number): void => {
  const woven = t * rowsASecond
  const row = Math.floor(woven)
  const across = woven - row
  // The cloth lies still while the shuttle crosses and is drawn in at the beat.
  const roll = Math.round(ease(across, 0.82, 1) * CELL)
  pen.fillStyle = '#241a1c'
  pen.fillRect(0, 0, WIDTH, HEIGHT)
  // Warp threads above the edge of the cloth.
  for (let x = 0; x < COLUMNS * 2; x++) {
    pen.fillStyle = x % 2 ? '#2b3a68' : '#20305a'
    pen.fillRect(x * (CELL / 2), 0, CELL / 2 - 2, top + CELL * 2)
  }
  pen.fillStyle = '#5a3d2c'
  pen.fillRect(0, top - 96, WIDTH, 26)
  pen.fillStyle = '#7a5640'
  pen.fillRect(0, top - 96 + Math.abs(Math.sin(woven * Math.PI)) * 26, WIDTH, 12)
  for (let r = 0; r < 40; r++) {
    const y = top + r * CELL + roll
    const index = row - r - 1
    if (y > HEIGHT || index < 0) continue
    for (let x = 0; x < COLUMNS; x++) {
      pen.fillStyle = clothColour(x, index)
      pen.fillRect(x * CELL, y, CELL - 1.5, CELL - 1.5)
    }
  }
  const fromLeft = row % 2 === 0
  const reach = Math.min(1, across / 0.8) * COLUMNS
  for (let x = 0; x < COLUMNS; x++) {
    const at = fromLeft ? x : COLUMNS - 1 - x
    if (x > reach) break
    pen.fillStyle = clothColour(at, row)
    pen.fillRect(at * CELL, top - CELL + roll, CELL - 1.5, CELL - 1.5)
  }
  const passed = Math.min(1, across / 0.8)
  const shuttle = (fromLeft ? passed : 1 - passed) * WIDTH
  pen.fillStyle = '#c08a4e'
  pen.beginPath()
  pen.ellipse(shuttle, top - 22 + roll * 0.5, 74, 13, 0, 0, 7)
  pen.fill()
  pen.fillStyle = '#f1a9c4'
  pen.fillRect(shuttle - 30, top - 27 + roll * 0.5, 60, 9)
}

const loom: Film = {
  file: 'hoa-van-tho-cam/tren-khung-cui.mp4',
  title: 'Hoa văn thổ cẩm: trên khung cửi',
  crf: 42,
  build: () => ({
    seconds: 32,
    sound: excerpt('ben', 32),
    draw: (pen, t) => {
      weaving(pen, t + 24, 0.9, 210)
      opening(pen, t, { kicker: 'Hoa văn thổ cẩm', title: 'Trên khung cửi', under: 'Mỗi hàng một nhịp thoi' })
      lowerThird(pen, t, 9, 17, { title: 'Quả trám trong quả trám', under: 'Hoa văn mặt chăn bản Nà Sương' })
      lowerThird(pen, t, 21, 30, { title: 'Sợi nghệ mở hàng, sợi chàm khép hàng', under: 'Dệt ba mươi sáu hàng thì lặp lại' })
    },
  }),
}

const LESSON = [
  'Chào các bạn, bài hôm nay: đọc một dải hoa văn.',
  'Hình thoi lớn là quả trám, người dệt bắt đầu từ đỉnh.',
  'Mỗi hàng thêm một ô sang trái, một ô sang phải.',
  'Hàng thứ sáu rộng nhất, từ đó bớt dần cho khép một quả trám.',
  'Các bạn thử tô lại trên giấy kẻ ô nhé.',
]
const lesson: Film = {
  file: 'lop-hoc-hoa-van/bai-1-qua-tram.webm',
  title: 'Lớp học hoa văn: bài 1, quả trám',
  crf: 50,
  build: () => {
    const speech = overBed(speak('ha', LESSON), piece('nenSang'), { leadSeconds: 4.6, tailSeconds: 3 })
    const from = speech.marks[1]?.from ?? 0
    const until = speech.marks[4]?.from ?? 1
    return {
      seconds: lengthOf(speech),
      sound: speech.sound,
      draw: (pen, t) => {
        pen.fillStyle = '#f2f4f1'
        pen.fillRect(0, 0, WIDTH, HEIGHT)
        pen.strokeStyle = '#d3dad5'
        pen.lineWidth = 1
        const cell = 44
        const [x0, y0] = [410, 60]
        for (let i = 0; i <= 11; i++) {
          pen.beginPath()
          pen.moveTo(x0 + i * cell, y0)
          pen.lineTo(x0 + i * cell, y0 + 11 * cell)
          pen.moveTo(x0, y0 + i * cell)
          pen.lineTo(x0 + 11 * cell, y0 + i * cell)
          pen.stroke()
        }
        const woven = ease(t, from, until) * 11
        for (let y = 0; y < 11; y++)
          for (let x = 0; x < 11; x++) {
            const d = Math.abs(x - 5) + Math.abs(y - 5)
            if (d > 5 || d === 2) continue
            const appear = Math.min(1, Math.max(0, woven - y))
            if (appear === 0) continue
            const inset = 3 + (1 - appear) * 18
            pen.fillStyle = d === 5 ? INK.wine : d <= 1 ? INK.gold : INK.forest
            pen.fillRect(x0 + x * cell + inset, y0 + y * cell + inset, cell - 2 * inset, cell - 2 * inset)
          }
        const row = Math.min(11, Math.ceil(woven))
        if (row > 0) {
          font(pen, 30, 700)
          pen.fillStyle = INK.forest
          pen.fillText(`Hàng ${row}`, 240, y0 + row * cell - 12)
          const count = 2 * Math.min(row - 1, 11 - row) + 1
          font(pen, 26, 500)
          pen.fillStyle = '#435059'
          pen.fillText(`${count} ô`, 920, y0 + row * cell - 12)
        }
        hem(pen, 0, 640, 320, 4, { outer: INK.forest, inner: INK.thread })
        opening(pen, t, { kicker: 'Lớp học hoa văn', title: 'Bài 1: quả trám', under: 'Cầm sẵn giấy kẻ ô và bút màu' }, 4.3)
        captions(pen, t, speech.marks)
      },
    }
  },
}

const STEPS: readonly { readonly title: string; readonly under: string }[] = [
  { title: 'Ngâm nếp nương sáu giờ', under: 'Chia bảy phần, mỗi phần một nước lá' },
  { title: 'Nhuộm bằng lá và củ', under: 'Nghệ cho vàng, lá cẩm cho tím, lá gừng cho xanh' },
  { title: 'Đồ chín trong chõ gỗ', under: 'Lửa đều, bốn mươi phút' },
  { title: 'Bày quanh mâm, đậm ngoài nhạt trong', under: 'Ăn kèm muối vừng' },
]
const RICE = ['#f3efe2', '#efc66b', '#d9822b', '#c2344f', '#8b4a9e', '#3f7f57', '#3a3a4a']
const kitchen: Film = {
  file: 'bep-nha-san/xoi-bay-mau.mp4',
  title: 'Bếp nhà sàn: xôi bảy màu',
  build: () => ({
    seconds: 40,
    sound: excerpt('xoe', 40, 4.3),
    draw: (pen, t) => {
      pen.fillStyle = gradient(pen, 0, 720, [
        [0, '#3a2520'],
        [0.55, '#6b4330'],
        [1, '#8a5a3c'],
      ])
      pen.fillRect(0, 0, WIDTH, HEIGHT)
      pen.strokeStyle = '#2a1a1660'
      pen.lineWidth = 3
      for (let i = 0; i < 9; i++) {
        pen.beginPath()
        pen.moveTo(0, 60 + i * 84)
        pen.bezierCurveTo(400, 52 + i * 84, 800, 72 + i * 84, WIDTH, 58 + i * 84)
        pen.stroke()
      }
      glow(pen, 640, 300, 620, '#ffcf8a', 0.4)
      // The tray, woven.
      pen.fillStyle = '#c9a063'
      pen.beginPath()
      pen.ellipse(640, 320, 420, 226, 0, 0, 7)
      pen.fill()
      pen.strokeStyle = '#9c7440'
      pen.lineWidth = 4
      for (const k of [1, 0.9, 0.8]) {
        pen.beginPath()
        pen.ellipse(640, 320, 420 * k, 226 * k, 0, 0, 7)
        pen.stroke()
      }
      RICE.forEach((colour, i) => {
        const appear = ease(t, 5 + i * 3.2, 6.2 + i * 3.2)
        if (appear === 0) return
        const x = i === 0 ? 640 : 640 + Math.cos(((i - 1) / 6) * 2 * Math.PI - Math.PI / 2) * 262
        const y = i === 0 ? 320 : 320 + Math.sin(((i - 1) / 6) * 2 * Math.PI - Math.PI / 2) * 136
        within(pen, () => {
          pen.translate(x, y - (1 - appear) * 60)
          pen.globalAlpha = appear
          pen.fillStyle = '#00000040'
          pen.beginPath()
          pen.ellipse(4, 26, 88, 34, 0, 0, 7)
          pen.fill()
          pen.fillStyle = '#2f5a3c'
          pen.beginPath()
          pen.ellipse(0, 18, 92, 36, 0, 0, 7)
          pen.fill()
          pen.fillStyle = colour
          pen.beginPath()
          pen.moveTo(-74, 16)
          pen.bezierCurveTo(-66, -46, 66, -46, 74, 16)
          pen.bezierCurveTo(50, 34, -50, 34, -74, 16)
          pen.fill()
          pen.fillStyle = '#ffffff2e'
          for (let k = 0; k < 26; k++) {
            pen.beginPath()
            pen.ellipse(-54 + ((k * 41) % 108), -16 + ((k * 23) % 38), 5, 2.6, k, 0, 7)
            pen.fill()
          }
        })
        // Steam from what was just put down.
        within(pen, () => {
          for (let k = 0; k < 3; k++) {
            const life = (t * 0.4 + k / 3 + i * 0.13) % 1
            glow(
              pen,
              x - 24 + k * 24 + Math.sin(t * 1.6 + k + i) * 10,
              y - 30 - life * 110,
              34 + life * 30,
              '#ffffff',
              0.16 * appear * (1 - life),
            )
          }
        })
      })
      opening(pen, t, { kicker: 'Bếp nhà sàn', title: 'Xôi bảy màu', under: 'Món của ngày hội' })
      STEPS.forEach((step, i) =>
        lowerThird(pen, t, 6 + i * 8.2, 13.6 + i * 8.2, { title: `${i + 1}. ${step.title}`, under: step.under }),
      )
    },
  }),
}

const civet = (pen: Pen, x: number, y: number, t: number): void =>
  within(pen, () => {
    pen.translate(x, y)
    pen.fillStyle = '#241c26'
    pen.strokeStyle = '#241c26'
    pen.lineCap = 'round'
    const tail = Math.sin(t * 1.4) * 26
    for (let k = 0; k < 9; k++) {
      pen.strokeStyle = k % 2 ? '#5a4a56' : '#241c26'
      pen.lineWidth = 26 - k
      const at = (u: number) => [-96 - u * 150, 4 + Math.sin(u * 2.6) * -60 + tail * u * u] as const
      const [ax, ay] = at(k / 9)
      const [bx, by] = at((k + 1) / 9)
      pen.beginPath()
      pen.moveTo(ax, ay)
      pen.lineTo(bx, by)
      pen.stroke()
    }
    pen.fillStyle = '#241c26'
    pen.beginPath()
    pen.ellipse(0, 0, 112, 46, -0.08, 0, 7)
    pen.fill()
    pen.strokeStyle = '#241c26'
    pen.lineWidth = 24
    for (const [lx, p] of [
      [-66, 0],
      [-34, 2],
      [44, 1],
      [76, 3],
    ] as const) {
      pen.beginPath()
      pen.moveTo(lx, 20)
      pen.lineTo(lx + Math.sin(t * 1.1 + p) * 2, 62)
      pen.stroke()
    }
    within(pen, () => {
      pen.translate(112, -46 + Math.sin(t * 1.9) * 4)
      pen.rotate(Math.sin(t * 0.7) * 0.1)
      pen.beginPath()
      pen.ellipse(0, 0, 50, 40, 0.2, 0, 7)
      pen.fill()
      for (const [ex, lean] of [
        [-22, -0.4],
        [20, 0.3],
      ] as const) {
        pen.beginPath()
        pen.ellipse(ex, -40, 14, 21, lean, 0, 7)
        pen.fill()
      }
      pen.beginPath()
      pen.ellipse(46, 13, 25, 15, 0.25, 0, 7)
      pen.fill()
      pen.fillStyle = '#f2ece0'
      pen.beginPath()
      pen.ellipse(12, -6, 30, 9, 0.1, 0, 7)
      pen.fill()
      const open = Math.sin(t * 1.1) > 0.97 ? 1.5 : 7
      pen.fillStyle = '#ffd27a'
      for (const ex of [2, 26]) {
        pen.beginPath()
        pen.ellipse(ex, -4, 7, open, 0, 0, 7)
        pen.fill()
      }
      pen.fillStyle = '#120d14'
      for (const ex of [4, 28]) {
        pen.beginPath()
        pen.ellipse(ex, -4, 3, Math.min(5, open), 0, 0, 7)
        pen.fill()
      }
      pen.fillStyle = '#c7628d'
      pen.beginPath()
      pen.arc(69, 13, 6, 0, 7)
      pen.fill()
    })
  })

const children: Film = {
  file: 'chu-chon-huong/chon-huong-di-hoc.mp4',
  title: 'Chú Chồn Hương kể chuyện: đi học trong sương',
  crf: 38,
  build: () => {
    const speech = overBed(
      speak('ha', [
        'Sáng ấy sương dày, Chồn Hương không thấy lối tới trường.',
        'Bạn Nhím bảo: cậu nghe tiếng suối, đi ngược lên là tới.',
        'Bạn Sóc bảo: cậu đếm đủ mười hai gốc ban, rẽ phải.',
        'Chồn Hương vừa nghe vừa đếm, và tới lớp đúng giờ.',
        'Từ đó chú biết: không thấy đường thì hỏi bạn, bạn nào cũng có một mẹo hay.',
      ]),
      piece('ru'),
      { leadSeconds: 5, tailSeconds: 3.5 },
    )
    const hills = ridge(501, 440, 150, '#31506a', 3)
    return {
      seconds: lengthOf(speech),
      sound: speech.sound,
      draw: (pen, t) => {
        sky(pen, [
          [0, '#1b2c4a'],
          [0.7, '#5d7f9a'],
          [1, '#a9c3c4'],
        ])
        stars(pen, 55, 70, 300, t)
        glow(pen, 250, 170, 190, '#fff0cf', 0.6)
        pen.fillStyle = '#fff6e0'
        pen.beginPath()
        pen.arc(250, 170, 62, 0, 7)
        pen.fill()
        drawRidge(pen, hills, t)
        mist(pen, 503, 500, 120, '#ffffff', 0.5, t, 14)
        pen.strokeStyle = '#3a2c2a'
        pen.lineCap = 'round'
        pen.lineWidth = 46
        pen.beginPath()
        pen.moveTo(-40, 560)
        pen.bezierCurveTo(360, 500, 760, 520, 1330, 440)
        pen.stroke()
        pen.lineWidth = 18
        pen.beginPath()
        pen.moveTo(930, 492)
        pen.quadraticCurveTo(1030, 400, 1120, 330)
        pen.stroke()
        for (const [x, y, s] of [
          [1120, 320, 40],
          [1060, 380, 30],
          [1160, 380, 34],
          [200, 500, 34],
        ] as const) {
          pen.fillStyle = '#2f6b53'
          for (let k = 0; k < 5; k++) {
            pen.beginPath()
            pen.ellipse(
              x + Math.cos(k * 1.26) * s * 0.8,
              y + Math.sin(k * 1.26) * s * 0.6 + Math.sin(t * 1.2 + x) * 3,
              s * 0.8,
              s * 0.44,
              k,
              0,
              7,
            )
            pen.fill()
          }
        }
        civet(pen, 600, 446 + Math.sin(t * 1.1) * 2, t)
        for (let i = 0; i < 9; i++) {
          const x = 640 + Math.sin(t * (0.3 + i * 0.04) + i * 2) * 520
          const y = 300 + Math.cos(t * (0.4 + i * 0.05) + i * 3) * 170
          glow(pen, x, y, 22, '#f5f2a0', 0.7 * (0.5 + 0.5 * Math.sin(t * 2 + i * 1.7)))
        }
        mist(pen, 505, 620, 120, '#ffffff', 0.5, t, 24)
        opening(pen, t, { kicker: 'Chú Chồn Hương kể chuyện', title: 'Đi học trong sương', under: 'Dành cho các bạn nhỏ' }, 4.6)
        captions(pen, t, speech.marks)
      },
    }
  },
}

export const INDOOR_FILMS: readonly Film[] = [loom, lesson, kitchen, children]
