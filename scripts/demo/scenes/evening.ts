import { overBed, speak } from '../audio/speech.ts'
import { branch, falling } from '../picture/blossom.ts'
import { drawRidge, mist, ridge, sky, stars } from '../picture/land.ts'
import { ease, font, glow, gradient, HEIGHT, INK, WIDTH, within, type Pen } from '../picture/stage.ts'
import { diamond, lowerThird, opening } from '../picture/titles.ts'
import { crowd, dancers, fire, house } from '../picture/village.ts'
import { captions, excerpt, lengthOf, piece, type Film } from './film.ts'

const festival: Film = {
  file: 'dem-hoi-hoa-ban/vong-xoe.mp4',
  title: 'Đêm hội hoa ban: mười hai bản chung một vòng xoè',
  crf: 40,
  build: () => {
    const layers = [ridge(11, 330, 230, '#6b5377', 1.5), ridge(29, 420, 180, '#463a62', 3), ridge(54, 500, 130, '#2b2a4b', 5)]
    return {
      seconds: 38,
      sound: excerpt('xoe', 38),
      draw: (pen, t) => {
        sky(pen, [
          [0, '#151d38'],
          [0.42, '#49406b'],
          [0.66, '#b9627a'],
          [0.9, '#f0a87e'],
        ])
        stars(pen, 3, 90, 260, t)
        pen.fillStyle = '#ffe3c4'
        pen.beginPath()
        pen.arc(930, 250 - t * 0.8, 42, 0, 7)
        pen.fill()
        layers.forEach((layer, i) => {
          drawRidge(pen, layer, t)
          mist(pen, 70 + i, 410 + i * 60, 90, '#f5bfae', 0.34, t)
        })
        // Search lights sweep slowly over the square.
        within(pen, () => {
          pen.globalAlpha = 0.1
          pen.fillStyle = '#ffe2b0'
          for (const [x, phase] of [
            [330, 0],
            [640, 2],
            [950, 4],
          ] as const) {
            const lean = Math.sin(t * 0.42 + phase) * 240
            pen.beginPath()
            pen.moveTo(x, 560)
            pen.lineTo(x + lean - 70, 0)
            pen.lineTo(x + lean + 70, 0)
            pen.fill()
          }
        })
        const light = 0.85 + 0.15 * Math.sin(t * 3.1)
        for (const [x, y, s] of [
          [180, 500, 1.3],
          [372, 522, 0.95],
          [1010, 508, 1.2],
          [1170, 524, 0.9],
        ] as const)
          house(pen, x, y, s, { wood: '#17182f', window: '#ffcf87' }, light)
        const lineAt = (u: number) => 388 + Math.sin(u * Math.PI) * 46 + Math.sin(u * 9 + t * 0.9) * 3
        pen.strokeStyle = '#1a1630'
        pen.lineWidth = 2.5
        pen.beginPath()
        for (let i = 0; i <= 40; i++) pen.lineTo((i / 40) * WIDTH, lineAt(i / 40))
        pen.stroke()
        for (let i = 1; i < 16; i++) {
          const colour = ['#f6b9cd', '#ffe0a3', '#9fd4b4'][i % 3] ?? '#ffe0a3'
          const x = (i / 16) * WIDTH
          const y = lineAt(i / 16) + 16
          glow(pen, x, y, 34, colour, 0.4)
          diamond(pen, x, y, 12, colour)
        }
        fire(pen, 640, 590, 104, t)
        dancers(pen, 250, 1030, 612, '#140f22', 15, t)
        crowd(pen, 7, 654, '#0c0d1b', 30, (i) => Math.sin(t * 2.9 + i * 0.7) * 0.7)
        branch(pen, t, { wood: '#1a1426' })
        falling(pen, 5, 12, t, 0.8)
        opening(pen, t, {
          kicker: 'Từ quảng trường Nậm Sương',
          title: 'Đêm hội hoa ban',
          under: 'Mười hai bản chung một vòng xoè',
        })
        lowerThird(pen, t, 10, 19, { title: 'Vòng xoè thứ nhất', under: 'Đội xoè bản Nà Sương và bản Co Ban' })
        lowerThird(pen, t, 24, 33, { title: 'Ai cũng có thể nắm tay vào vòng', under: 'Sân mở tới 21 giờ' })
      },
    }
  },
}

const HEARTH_STORY = [
  'Ngày ấy, cả bản chỉ còn một bếp có lửa.',
  'Đêm mưa, ông Pản che áo cho than, đi từng nhà chia lửa.',
  'Nhà nào nhận lửa cũng hứa: sáng mai lại đưa than cho nhà bên.',
  'Từ đó, người Nà Sương gọi láng giềng là bạn lửa.',
  'Lửa chia đi không vơi, lửa chia đi thành nhiều.',
]
const hearth: Film = {
  file: 'chuyen-ben-bep-lua/ban-lua.mp4',
  title: 'Chuyện bên bếp lửa: bạn lửa',
  crf: 38,
  build: () => {
    const speech = overBed(speak('trung', HEARTH_STORY), piece('nenDem'), { leadSeconds: 5, tailSeconds: 4 })
    return {
      seconds: lengthOf(speech),
      sound: speech.sound,
      draw: (pen, t) => {
        pen.fillStyle = '#1d1418'
        pen.fillRect(0, 0, WIDTH, HEIGHT)
        const flicker = 0.62 + 0.06 * Math.sin(t * 7.3) + 0.05 * Math.sin(t * 11.9)
        glow(pen, 640, 470, 860, '#f2a65a', flicker)
        for (let i = 0; i < 15; i++) {
          pen.fillStyle = '#160f1266'
          pen.fillRect(i * 92 - 6, 0, 9, HEIGHT)
        }
        // The kitchen shelf above the fire, and the night in the window.
        pen.fillStyle = '#120c10'
        pen.fillRect(360, 150, 560, 16)
        for (const [x, w, h] of [
          [400, 70, 58],
          [498, 54, 40],
          [580, 90, 34],
          [700, 60, 66],
          [800, 84, 44],
        ] as const) {
          pen.beginPath()
          pen.ellipse(x + w / 2, 150 - h / 2, w / 2, h / 2, 0, 0, 7)
          pen.fill()
        }
        pen.fillStyle = '#1a2a44'
        pen.fillRect(1040, 150, 150, 170)
        within(pen, () => {
          pen.beginPath()
          pen.rect(1040, 150, 150, 170)
          pen.clip()
          pen.translate(500, 100)
          stars(pen, 44, 220, 300, t)
        })
        pen.fillStyle = '#120c10'
        pen.fillRect(1110, 150, 8, 170)
        pen.fillRect(1040, 232, 150, 8)
        pen.fillStyle = gradient(pen, 560, 720, [
          [0, '#2a1a18'],
          [1, '#100a0c'],
        ])
        pen.fillRect(0, 570, WIDTH, 150)
        pen.fillStyle = '#2f1e18'
        for (const lean of [-0.35, 0, 0.35])
          within(pen, () => {
            pen.translate(640, 566)
            pen.rotate(lean)
            pen.fillRect(-120, -9, 240, 18)
          })
        fire(pen, 640, 556, 150, t)
        // Listeners; the teller on the left moves his hands.
        const sitter = (x: number, size: number, phase: number) => {
          const sway = Math.sin(t * 0.8 + phase) * 3
          pen.fillStyle = '#0e090c'
          pen.beginPath()
          pen.arc(x + sway, 640 - size * 1.62, size * 0.36, 0, 7)
          pen.fill()
          pen.beginPath()
          pen.moveTo(x - size * 0.8, HEIGHT)
          pen.bezierCurveTo(
            x - size * 0.8,
            640 - size * 0.9,
            x - size * 0.3 + sway,
            640 - size * 1.24,
            x + sway,
            640 - size * 1.24,
          )
          pen.bezierCurveTo(x + size * 0.3 + sway, 640 - size * 1.24, x + size * 0.8, 640 - size * 0.9, x + size * 0.8, HEIGHT)
          pen.fill()
        }
        sitter(250, 150, 0)
        sitter(1040, 140, 2)
        sitter(1180, 108, 4)
        pen.strokeStyle = '#0e090c'
        pen.lineWidth = 22
        pen.lineCap = 'round'
        pen.beginPath()
        pen.moveTo(300, 560)
        pen.quadraticCurveTo(390, 560, 420 + Math.sin(t * 1.3) * 14, 505 + Math.sin(t * 1.7) * 18)
        pen.stroke()
        opening(pen, t, { kicker: 'Chuyện bên bếp lửa', title: 'Bạn lửa', under: 'Kể theo lời các cụ bản Nà Sương' }, 4.6)
        captions(pen, t, speech.marks)
      },
    }
  },
}

const lake: Film = {
  file: 'nhac-dem/trang-tren-ho.mp4',
  title: 'Nhạc đêm miền sương: trăng trên hồ',
  crf: 38,
  build: () => {
    const far = ridge(131, 300, 170, '#26364a', 1)
    const near = ridge(137, 372, 90, '#182433', 2.2)
    return {
      seconds: 40,
      sound: excerpt('dem', 40),
      draw: (pen, t) => {
        sky(pen, [
          [0, '#0b1220'],
          [0.55, '#33465e'],
          [1, '#1c2a3b'],
        ])
        stars(pen, 19, 160, 320, t, -1.2)
        const moonX = 840 - t * 1.6
        const moonY = 190 - t * 0.7
        glow(pen, moonX, moonY, 260, '#ffe9c4', 0.5)
        pen.fillStyle = '#fff2d8'
        pen.beginPath()
        pen.arc(moonX, moonY, 48, 0, 7)
        pen.fill()
        drawRidge(pen, far, t)
        mist(pen, 91, 366, 70, '#b9c8cc', 0.4, t)
        drawRidge(pen, near, t)
        pen.fillStyle = gradient(pen, 410, 720, [
          [0, '#33475a'],
          [0.3, '#1e2e40'],
          [1, '#0c141f'],
        ])
        pen.fillRect(0, 412, WIDTH, 308)
        for (let i = 0; i < 44; i++) {
          const depth = i / 44
          const y = 420 + depth * depth * 300
          const width = (14 + depth * 120) * (0.55 + 0.45 * Math.sin(t * (1 + (i % 5) * 0.23) + i * 2.1))
          pen.globalAlpha = 0.62 * (1 - depth * 0.6)
          pen.fillStyle = '#ffe9c4'
          pen.fillRect(moonX - width / 2 + Math.sin(t * 0.8 + i) * 14 * depth, y, Math.max(0, width), 1.5 + depth * 4)
        }
        pen.globalAlpha = 1
        mist(pen, 95, 440, 60, '#c9d6da', 0.36, t, 12)
        // A boat drifts by, the rower dips the oar.
        within(pen, () => {
          pen.translate(230 + t * 7, 556 + Math.sin(t * 0.9) * 3)
          pen.fillStyle = '#070c13'
          pen.beginPath()
          pen.moveTo(-96, -10)
          pen.quadraticCurveTo(0, 30, 104, -16)
          pen.quadraticCurveTo(0, 6, -96, -10)
          pen.fill()
          pen.beginPath()
          pen.arc(44, -62, 12, 0, 7)
          pen.fill()
          pen.beginPath()
          pen.moveTo(26, -2)
          pen.lineTo(34, -50)
          pen.lineTo(56, -50)
          pen.lineTo(64, -2)
          pen.fill()
          pen.strokeStyle = '#070c13'
          pen.lineWidth = 5
          pen.beginPath()
          pen.moveTo(38, -34)
          pen.lineTo(92 + Math.sin(t * 1.6) * 18, 16)
          pen.stroke()
          glow(pen, -52, -26, 60, '#ffc76b', 0.7)
          diamond(pen, -52, -26, 7, '#ffe0a3')
        })
        opening(pen, t, { kicker: 'Nhạc đêm miền sương', title: 'Trăng trên hồ', under: 'Nhạc: Đêm miền sương' })
        lowerThird(pen, t, 20, 28, { title: 'Đêm miền sương', under: 'Chuông, sáo và tính tẩu' })
      },
    }
  },
}

const starSky: Film = {
  file: 'bau-troi-phien-suong/sao-tua-rua.mp4',
  title: 'Bầu trời phiên sương: sao Tua Rua',
  crf: 38,
  build: () => {
    const speech = overBed(
      speak('ha', [
        'Tối nay trời quang, mời các bạn nhìn về phía đông.',
        'Chùm sao nhỏ sát bên nhau là sao Tua Rua.',
        'Người làm ruộng xưa nhìn Tua Rua mà nhớ mùa gieo mạ.',
        'Thấp hơn một chút, ba ngôi sao thẳng hàng là cán của sao Cày.',
        'Không cần kính, chỉ cần tắt đèn và chờ mắt quen bóng tối.',
      ]),
      piece('nenDem'),
      { leadSeconds: 4.6, tailSeconds: 3.4 },
    )
    const ground = ridge(201, 610, 120, '#0b1119', 0)
    const CLUSTER = [
      [470, 210, 4.6],
      [496, 188, 3.6],
      [512, 222, 3.8],
      [532, 200, 3.2],
      [486, 244, 3],
      [526, 246, 3.4],
      [552, 232, 2.8],
    ] as const
    const PLOUGH = [
      [790, 360, 4],
      [838, 348, 4.4],
      [886, 336, 4],
      [742, 268, 4.8],
      [930, 436, 5],
      [824, 430, 3.2],
      [910, 250, 4],
    ] as const
    const LINES = [
      [0, 1],
      [1, 2],
      [0, 3],
      [2, 6],
      [0, 5],
      [2, 4],
      [5, 4],
    ] as const
    return {
      seconds: lengthOf(speech),
      sound: speech.sound,
      draw: (pen, t) => {
        sky(pen, [
          [0, '#050a14'],
          [0.7, '#16243c'],
          [1, '#3c4f63'],
        ])
        stars(pen, 77, 300, 620, t, -0.8)
        const cluster = speech.marks[1]?.from ?? 0
        const plough = speech.marks[3]?.from ?? 0
        const point = (x: number, y: number, r: number, bright: number) => {
          glow(pen, x, y, r * 7, '#dfe9ff', 0.35 + 0.4 * bright)
          pen.fillStyle = '#ffffff'
          pen.beginPath()
          pen.arc(x, y, r * (0.8 + 0.2 * Math.sin(t * 2 + x)), 0, 7)
          pen.fill()
        }
        for (const [x, y, r] of CLUSTER) point(x, y, r, ease(t, cluster, cluster + 1))
        for (const [x, y, r] of PLOUGH) point(x, y, r, ease(t, plough, plough + 1))
        pen.strokeStyle = INK.ban
        pen.lineWidth = 2.5
        pen.globalAlpha = ease(t, cluster, cluster + 1.2)
        pen.beginPath()
        pen.arc(510, 216, 78, -Math.PI / 2, -Math.PI / 2 + Math.PI * 2 * ease(t, cluster, cluster + 2))
        pen.stroke()
        pen.globalAlpha = 1
        LINES.forEach(([a, b], i) => {
          const p = PLOUGH[a]
          const q = PLOUGH[b]
          const drawn = ease(t, plough + i * 0.5, plough + i * 0.5 + 0.8)
          if (!p || !q || drawn === 0) return
          pen.strokeStyle = '#efc66bb0'
          pen.beginPath()
          pen.moveTo(p[0], p[1])
          pen.lineTo(p[0] + (q[0] - p[0]) * drawn, p[1] + (q[1] - p[1]) * drawn)
          pen.stroke()
        })
        skyLabel(pen, 'Tua Rua', 610, 196, ease(t, cluster + 1, cluster + 1.8), INK.ban)
        skyLabel(pen, 'Sao Cày', 960, 330, ease(t, plough + 2, plough + 2.8), INK.turmeric)
        drawRidge(pen, ground, t)
        house(pen, 220, 600, 0.9, { wood: '#070b11', window: '#ffcf87' }, 0.8)
        mist(pen, 205, 640, 60, '#b9c8cc', 0.25, t)
        opening(pen, t, { kicker: 'Bầu trời phiên sương', title: 'Sao Tua Rua', under: 'Nhìn trời bằng mắt thường' }, 4.4)
        captions(pen, t, speech.marks)
      },
    }
  },
}

const skyLabel = (pen: Pen, text: string, x: number, y: number, alpha: number, colour: string): void => {
  pen.globalAlpha = alpha
  font(pen, 30, 600)
  pen.fillStyle = colour
  pen.fillText(text, x, y)
  pen.globalAlpha = 1
}

export const EVENING_FILMS: readonly Film[] = [festival, hearth, lake, starSky]
