import { createRandom } from '../random.ts'
import { flower } from '../picture/blossom.ts'
import { drawRidge, mist, ridge, sky, stars } from '../picture/land.ts'
import { person } from '../picture/person.ts'
import { glow, gradient, INK, WIDTH, within, type Draw } from '../picture/stage.ts'
import { house } from '../picture/village.ts'
import { hem } from '../picture/weave.ts'

export const library: Draw = (pen, t) => {
  sky(pen, [
    [0, '#0b1422'],
    [1, '#33465e'],
  ])
  stars(pen, 61, 150, 380, t)
  drawRidge(pen, ridge(611, 330, 200, '#1b2a3b', 0), 0)
  mist(pen, 612, 430, 90, '#b9c8cc', 0.3, t)
  pen.fillStyle = '#131c25'
  pen.fillRect(190, 270, 900, 360)
  pen.beginPath()
  pen.moveTo(140, 270)
  pen.lineTo(240, 160)
  pen.lineTo(1040, 160)
  pen.lineTo(1140, 270)
  pen.fill()
  glow(pen, 640, 460, 560, '#ffcf87', 0.45)
  const random = createRandom(62)
  for (const x of [240, 520, 800]) {
    pen.fillStyle = gradient(pen, 320, 580, [
      [0, '#ffe2a8'],
      [1, '#f2b45f'],
    ])
    pen.fillRect(x, 320, 240, 260)
    for (let shelf = 0; shelf < 3; shelf++) {
      let at = x + 12
      while (at < x + 150) {
        const w = 8 + random() * 10
        const h = 34 + random() * 22
        pen.fillStyle = ['#96295a', '#1c5a41', '#2b4a8b', '#b5480f', '#745000'][Math.floor(random() * 5)] ?? '#96295a'
        pen.fillRect(at, 392 + shelf * 78 - h, w, h)
        at += w + 2
      }
      pen.fillStyle = '#6b4330'
      pen.fillRect(x, 392 + shelf * 78, 156, 6)
    }
    pen.fillStyle = '#131c25'
    pen.fillRect(x + 116, 320, 8, 260)
    pen.fillRect(x, 446, 240, 7)
  }
  for (const [x, s, c] of [
    [430, 1.15, '#2b4a8b'],
    [700, 1.05, '#96295a'],
    [985, 1.2, '#1c5a41'],
  ] as const) {
    person(pen, x, 590, s, c, {
      arms: [
        [-14, -52],
        [18, -52],
      ],
    })
    pen.fillStyle = '#f7f4ea'
    pen.fillRect(x - 4, 590 - 64 * s, 30, 20)
  }
  pen.fillStyle = '#0c1218'
  pen.fillRect(0, 582, WIDTH, 138)
}

export const plums: Draw = (pen, t) => {
  sky(pen, [
    [0, '#cfe2e4'],
    [0.6, '#f6efe4'],
  ])
  drawRidge(pen, ridge(621, 250, 190, '#a9c2bd', 0), 0)
  mist(pen, 622, 320, 90, '#ffffff', 0.6, t)
  drawRidge(pen, ridge(623, 370, 130, '#6f9a8b', 0), 0)
  pen.fillStyle = '#7fae7d'
  pen.fillRect(0, 440, WIDTH, 280)
  for (let i = 0; i < 9; i++) {
    const [x, y, s] = [70 + i * 150, 420 + (i % 3) * 26, 42 + (i % 3) * 9]
    pen.fillStyle = '#4a3a30'
    pen.fillRect(x - 4, y, 8, 56)
    pen.fillStyle = i % 2 ? '#3f7f57' : '#55895f'
    pen.beginPath()
    pen.arc(x, y - 14, s, 0, 7)
    pen.fill()
    for (let k = 0; k < 7; k++) {
      pen.fillStyle = '#a83a5a'
      pen.beginPath()
      pen.arc(x - s * 0.6 + ((k * 37) % (s * 1.3)), y - 30 + ((k * 23) % 40), 5, 0, 7)
      pen.fill()
    }
  }
  pen.fillStyle = '#5f8f63'
  pen.beginPath()
  pen.ellipse(640, 720, 900, 170, 0, 0, 7)
  pen.fill()
  for (const [x, y, s] of [
    [420, 520, 1],
    [820, 540, 1.15],
  ] as const)
    within(pen, () => {
      pen.translate(x, y)
      pen.scale(s, s)
      const random = createRandom(x)
      for (let k = 0; k < 30; k++) {
        pen.fillStyle = ['#8d2b45', '#a83a5a', '#6f2038'][k % 3] ?? '#8d2b45'
        pen.beginPath()
        pen.arc((random() - 0.5) * 190, -8 - random() * 42, 23, 0, 7)
        pen.fill()
        pen.strokeStyle = '#f0c9d2a0'
        pen.lineWidth = 3
      }
      pen.fillStyle = '#c9a063'
      pen.beginPath()
      pen.moveTo(-132, -12)
      pen.lineTo(132, -12)
      pen.lineTo(96, 132)
      pen.lineTo(-96, 132)
      pen.fill()
      pen.strokeStyle = '#8f6a38'
      pen.lineWidth = 4
      for (let k = 0; k < 6; k++) {
        pen.beginPath()
        pen.moveTo(-128 + k * 6, 10 + k * 24)
        pen.lineTo(128 - k * 6, 10 + k * 24)
        pen.stroke()
      }
      for (let k = -5; k <= 5; k++) {
        pen.beginPath()
        pen.moveTo(k * 25, -12)
        pen.lineTo(k * 18, 132)
        pen.stroke()
      }
    })
}

export const paperwork: Draw = (pen, t) => {
  sky(pen, [
    [0, '#bcd4da'],
    [1, '#f3e6d6'],
  ])
  drawRidge(pen, ridge(631, 260, 210, '#8fb0a6', 0), 0)
  mist(pen, 632, 350, 100, '#ffffff', 0.6, t)
  drawRidge(pen, ridge(633, 420, 120, '#5f8f78', 0), 0)
  house(pen, 930, 470, 3, { wood: '#4a3b33', window: '#2a2522' })
  pen.fillStyle = '#b9a888'
  pen.fillRect(0, 600, WIDTH, 120)
  pen.fillStyle = '#7a5640'
  pen.fillRect(250, 500, 420, 20)
  pen.fillRect(270, 520, 12, 120)
  pen.fillRect(640, 520, 12, 120)
  person(pen, 370, 590, 1.7, '#1c5a41', {
    arms: [
      [-22, -44],
      [24, -48],
    ],
  })
  person(pen, 540, 590, 1.7, '#2b4a8b', {
    arms: [
      [-22, -46],
      [20, -44],
    ],
  })
  pen.fillStyle = '#7a5640'
  pen.fillRect(250, 500, 420, 20)
  pen.fillStyle = '#2a3843'
  pen.fillRect(400, 446, 92, 56)
  pen.fillStyle = '#a3baf0'
  pen.fillRect(406, 451, 80, 45)
  pen.fillStyle = '#e9efe9'
  pen.fillRect(566, 468, 80, 34)
  pen.fillStyle = '#ffffff'
  pen.fillRect(580, 438, 50, 34)
  ;['#96295a', '#745000', '#2f6b53', '#5d3d57'].forEach((c, i) =>
    person(pen, 760 + i * 92, 650 + (i % 2) * 12, 1.6, c, { skirt: i % 2 === 0 }),
  )
  hem(pen, 250, 524, 105, 4, { outer: INK.wine, inner: INK.turmeric })
}

export const bus: Draw = (pen, t) => {
  sky(pen, [
    [0, '#9fc0cf'],
    [0.6, '#f3e6d6'],
  ])
  glow(pen, 980, 190, 320, '#ffd9a0', 0.8)
  drawRidge(pen, ridge(641, 280, 240, '#93b3ba', 0), 0)
  mist(pen, 642, 380, 120, '#ffffff', 0.7, t)
  drawRidge(pen, ridge(643, 420, 160, '#5c8a86', 0), 0)
  mist(pen, 644, 500, 90, '#ffffff', 0.5, t)
  pen.fillStyle = '#2f5a4c'
  pen.beginPath()
  pen.moveTo(0, 560)
  pen.quadraticCurveTo(600, 480, 1280, 580)
  pen.lineTo(1280, 720)
  pen.lineTo(0, 720)
  pen.fill()
  pen.fillStyle = '#39444c'
  pen.beginPath()
  pen.moveTo(0, 600)
  pen.quadraticCurveTo(600, 540, 1280, 626)
  pen.lineTo(1280, 720)
  pen.lineTo(0, 720)
  pen.fill()
  pen.strokeStyle = '#efc66b'
  pen.lineWidth = 6
  pen.setLineDash([44, 34])
  pen.beginPath()
  pen.moveTo(0, 672)
  pen.quadraticCurveTo(600, 612, 1280, 690)
  pen.stroke()
  pen.setLineDash([])
  within(pen, () => {
    pen.translate(520, 606)
    pen.fillStyle = '#f4f1e6'
    pen.beginPath()
    pen.roundRect(-230, -176, 460, 152, 22)
    pen.fill()
    pen.fillStyle = '#1c5a41'
    pen.fillRect(-230, -72, 460, 34)
    hem(pen, -226, -66, 113, 4, { outer: '#f1a9c4', inner: '#efc66b' })
    pen.fillStyle = '#2a3f4d'
    for (let i = 0; i < 5; i++) pen.fillRect(-206 + i * 74, -152, 62, 58)
    pen.fillRect(168, -152, 56, 70)
    pen.fillStyle = '#fff4cf'
    pen.fillRect(216, -62, 16, 18)
    for (const x of [-140, 140]) {
      pen.fillStyle = '#1b2228'
      pen.beginPath()
      pen.arc(x, -18, 36, 0, 7)
      pen.fill()
      pen.fillStyle = '#93a4ad'
      pen.beginPath()
      pen.arc(x, -18, 15, 0, 7)
      pen.fill()
    }
  })
  glow(pen, 790, 560, 150, '#fff4cf', 0.5)
}

export const clinic: Draw = (pen, t) => {
  sky(pen, [
    [0, '#cfe2e4'],
    [1, '#f9ecf0'],
  ])
  drawRidge(pen, ridge(651, 260, 200, '#a9c8c0', 0), 0)
  mist(pen, 652, 350, 110, '#ffffff', 0.6, t)
  drawRidge(pen, ridge(653, 420, 130, '#6fa08c', 0), 0)
  pen.fillStyle = '#8fb79f'
  pen.fillRect(0, 560, WIDTH, 160)
  pen.fillStyle = '#fbfaf4'
  pen.fillRect(300, 320, 640, 270)
  pen.fillStyle = '#2f6b53'
  pen.beginPath()
  pen.moveTo(260, 324)
  pen.lineTo(380, 220)
  pen.lineTo(860, 220)
  pen.lineTo(980, 324)
  pen.fill()
  pen.fillStyle = '#fbfaf4'
  pen.beginPath()
  pen.arc(620, 272, 38, 0, 7)
  pen.fill()
  pen.fillStyle = '#1c5a41'
  pen.fillRect(611, 246, 18, 52)
  pen.fillRect(594, 263, 52, 18)
  pen.fillStyle = '#bcd8dc'
  for (const x of [350, 470, 790]) pen.fillRect(x, 384, 84, 90)
  pen.fillStyle = '#8a5a3c'
  pen.fillRect(600, 400, 110, 190)
  pen.fillStyle = '#e0d8c4'
  pen.beginPath()
  pen.moveTo(560, 720)
  pen.lineTo(610, 590)
  pen.lineTo(704, 590)
  pen.lineTo(800, 720)
  pen.fill()
  person(pen, 670, 650, 1.8, '#96295a', {
    skirt: true,
    arms: [
      [-14, -46],
      [15, -50],
    ],
  })
  pen.fillStyle = '#f1d7a8'
  pen.beginPath()
  pen.ellipse(672, 552, 30, 19, -0.3, 0, 7)
  pen.fill()
  pen.fillStyle = '#c9a386'
  pen.beginPath()
  pen.arc(694, 540, 12, 0, 7)
  pen.fill()
  person(pen, 540, 640, 1.8, '#f4f7f6', {
    arms: [
      [-16, -42],
      [30, -62],
    ],
  })
  for (let i = 0; i < 6; i++) flower(pen, 120 + i * 34, 640 + (i % 2) * 24, 24, i)
}
