import { createRandom } from '../random.ts'
import { branch, falling } from '../picture/blossom.ts'
import { drawRidge, mist, ridge, sky } from '../picture/land.ts'
import { person } from '../picture/person.ts'
import { glow, gradient, WIDTH, within, type Draw } from '../picture/stage.ts'

export const football: Draw = (pen, t) => {
  sky(pen, [
    [0, '#9fc3d6'],
    [0.7, '#eef2e6'],
  ])
  drawRidge(pen, ridge(661, 230, 220, '#8fb0a6', 0), 0)
  mist(pen, 662, 310, 110, '#ffffff', 0.7, t)
  drawRidge(pen, ridge(663, 350, 110, '#4f8069', 0), 0)
  const random = createRandom(66)
  for (let i = 0; i < 170; i++) {
    pen.fillStyle = ['#96295a', '#2b4a8b', '#efc66b', '#f2f4f1', '#b5480f', '#1c5a41'][i % 6] ?? '#96295a'
    pen.beginPath()
    pen.arc(random() * WIDTH, 372 + random() * 60, 6, 0, 7)
    pen.fill()
  }
  for (let i = 0; i < 8; i++) {
    pen.fillStyle = i % 2 ? '#5f9c6a' : '#6faa77'
    pen.fillRect(0, 446 + i * 36, WIDTH, 36)
  }
  pen.strokeStyle = '#ffffffc0'
  pen.lineWidth = 4
  pen.strokeRect(-20, 462, WIDTH + 40, 300)
  pen.beginPath()
  pen.ellipse(640, 620, 210, 70, 0, 0, 7)
  pen.stroke()
  pen.strokeStyle = '#f7f7f2'
  pen.lineWidth = 7
  pen.strokeRect(1060, 420, 150, 96)
  for (const [x, y, c, a] of [
    [470, 660, '#1f6f9c', 12],
    [600, 690, '#c7628d', -14],
    [760, 640, '#1f6f9c', 16],
    [900, 600, '#c7628d', 8],
    [300, 590, '#c7628d', -10],
    [1120, 520, '#efc66b', 10],
  ] as const)
    person(pen, x, y, 1.45, c, {
      legs: [-a * 1.3, a * 1.7],
      arms: [
        [-22, -54 + a],
        [22, -54 - a],
      ],
    })
  pen.fillStyle = '#ff9a3c'
  pen.beginPath()
  pen.arc(668, 668, 13, 0, 7)
  pen.fill()
  mist(pen, 664, 470, 60, '#ffffff', 0.35, t)
}

export const spring: Draw = (pen, t) => {
  sky(pen, [
    [0, '#cfe3d8'],
    [1, '#e8efe0'],
  ])
  const random = createRandom(67)
  for (let layer = 0; layer < 3; layer++)
    for (let i = 0; i < 16; i++) {
      const x = i * 88 + random() * 50 - 30
      const shade = ['#9cc3a8', '#5f9478', '#2f6b53'][layer] ?? '#2f6b53'
      pen.fillStyle = shade
      pen.fillRect(x, 80 + layer * 60, 10 + layer * 6, 420)
      pen.beginPath()
      pen.ellipse(x + 8, 120 + layer * 70 + random() * 40, 70 + random() * 30, 54 + random() * 24, 0, 0, 7)
      pen.fill()
    }
  mist(pen, 672, 400, 110, '#ffffff', 0.6, t)
  pen.fillStyle = '#24513f'
  pen.beginPath()
  pen.moveTo(0, 470)
  pen.bezierCurveTo(300, 430, 420, 520, 470, 720)
  pen.lineTo(0, 720)
  pen.moveTo(1280, 450)
  pen.bezierCurveTo(1000, 440, 880, 540, 820, 720)
  pen.lineTo(1280, 720)
  pen.fill()
  pen.fillStyle = gradient(pen, 430, 720, [
    [0, '#cfe6ea'],
    [1, '#6fa5ad'],
  ])
  pen.beginPath()
  pen.moveTo(600, 430)
  pen.bezierCurveTo(560, 520, 470, 600, 430, 720)
  pen.lineTo(860, 720)
  pen.bezierCurveTo(820, 600, 740, 520, 690, 430)
  pen.fill()
  pen.strokeStyle = '#ffffffb0'
  for (let i = 0; i < 22; i++) {
    const d = (i * 0.137) % 1
    pen.lineWidth = 2 + d * 4
    pen.beginPath()
    pen.moveTo(620 - d * 150 + ((i * 61) % 160) * (0.4 + d), 446 + d * 260)
    pen.quadraticCurveTo(640 - d * 100, 456 + d * 262, 660 - d * 120 + ((i * 61) % 160) * (0.4 + d), 448 + d * 268)
    pen.stroke()
  }
  for (const [x, y, r] of [
    [520, 620, 52],
    [760, 590, 44],
    [640, 540, 28],
    [820, 680, 66],
    [450, 690, 58],
  ] as const) {
    pen.fillStyle = '#59686c'
    pen.beginPath()
    pen.ellipse(x, y, r, r * 0.6, 0, 0, 7)
    pen.fill()
    pen.fillStyle = '#7d8d90'
    pen.beginPath()
    pen.ellipse(x - r * 0.15, y - r * 0.15, r * 0.7, r * 0.36, 0, 0, 7)
    pen.fill()
  }
  pen.strokeStyle = '#2b4a8b'
  pen.lineWidth = 20
  pen.lineCap = 'round'
  pen.beginPath()
  pen.moveTo(900, 470)
  pen.bezierCurveTo(960, 560, 960, 640, 1040, 740)
  pen.stroke()
  pen.strokeStyle = '#6f8fd0'
  pen.lineWidth = 5
  pen.beginPath()
  pen.moveTo(895, 474)
  pen.bezierCurveTo(953, 560, 953, 640, 1032, 740)
  pen.stroke()
}

export const khen: Draw = (pen, t) => {
  sky(pen, [
    [0, '#40335c'],
    [0.45, '#b3627a'],
    [0.8, '#f0a87e'],
  ])
  glow(pen, 640, 400, 420, '#ffd08a', 0.8)
  pen.fillStyle = '#ffe9c0'
  pen.beginPath()
  pen.arc(640, 400, 110, 0, 7)
  pen.fill()
  drawRidge(pen, ridge(681, 440, 150, '#95606a', 0), 0)
  mist(pen, 682, 490, 80, '#f7c9a8', 0.5, t)
  pen.fillStyle = '#1f1626'
  pen.beginPath()
  pen.moveTo(0, 660)
  pen.bezierCurveTo(300, 560, 520, 590, 700, 575)
  pen.bezierCurveTo(900, 560, 1100, 610, 1280, 640)
  pen.lineTo(1280, 720)
  pen.lineTo(0, 720)
  pen.fill()
  for (const [x, y, s, flip] of [
    [420, 602, 1.5, 1],
    [640, 586, 2, 1],
    [880, 586, 1.5, -1],
  ] as const)
    within(pen, () => {
      pen.translate(x, y)
      pen.scale(s * flip, s)
      person(pen, 0, 0, 1, '#150f1b', {
        legs: [-16, 14],
        arms: [
          [18, -66],
          [24, -58],
        ],
        skin: '#150f1b',
      })
      pen.strokeStyle = '#150f1b'
      pen.lineCap = 'round'
      pen.lineWidth = 5
      pen.beginPath()
      pen.moveTo(10, -86)
      pen.lineTo(30, -60)
      pen.stroke()
      pen.beginPath()
      pen.ellipse(28, -60, 10, 6, 0.9, 0, 7)
      pen.fillStyle = '#150f1b'
      pen.fill()
      for (let k = 0; k < 3; k++) {
        pen.lineWidth = 3
        pen.beginPath()
        pen.moveTo(24 + k * 4, -58)
        pen.quadraticCurveTo(40 + k * 6, -96, 70 + k * 5, -118 + k * 7)
        pen.stroke()
      }
    })
}

export const cleaning: Draw = (pen, t) => {
  sky(pen, [
    [0, '#b9d3d6'],
    [1, '#f3efe0'],
  ])
  drawRidge(pen, ridge(691, 250, 200, '#8fb0a6', 0), 0)
  mist(pen, 692, 330, 110, '#ffffff', 0.6, t)
  drawRidge(pen, ridge(693, 380, 110, '#4f8069', 0), 0)
  pen.fillStyle = '#7fa58c'
  pen.fillRect(0, 450, WIDTH, 270)
  pen.fillStyle = gradient(pen, 560, 720, [
    [0, '#8fb7bb'],
    [1, '#4f8288'],
  ])
  pen.beginPath()
  pen.moveTo(0, 720)
  pen.lineTo(0, 610)
  pen.bezierCurveTo(400, 560, 800, 660, 1280, 560)
  pen.lineTo(1280, 720)
  pen.fill()
  const shirts = ['#96295a', '#2b4a8b', '#1c5a41', '#b5480f', '#745000', '#5d3d57', '#2f6b53', '#c7628d']
  for (let i = 0; i < 8; i++) {
    const x = 130 + i * 146
    const y = 604 - i * 13 + (i % 2) * 8
    person(pen, x, y, 1.5, shirts[i] ?? '#96295a', {
      skirt: i % 3 === 0,
      arms: [
        [-30, -58],
        [30, -58],
      ],
    })
    if (i % 2 === 0) {
      pen.fillStyle = '#2a3843'
      pen.beginPath()
      pen.ellipse(x + 72, y - 88, 28, 34, 0.2, 0, 7)
      pen.fill()
      pen.fillRect(x + 66, y - 128, 12, 14)
    }
  }
  for (const [x, y] of [
    [1150, 500],
    [1200, 520],
    [1110, 522],
    [1170, 476],
  ] as const) {
    pen.fillStyle = '#39444c'
    pen.beginPath()
    pen.ellipse(x, y, 36, 40, 0, 0, 7)
    pen.fill()
  }
}

export const blossom: Draw = (pen, t) => {
  sky(pen, [
    [0, '#dfe9e4'],
    [1, '#f9ecf0'],
  ])
  drawRidge(pen, ridge(701, 470, 200, '#bcd0c7', 0), 0)
  mist(pen, 702, 540, 100, '#ffffff', 0.6, t)
  drawRidge(pen, ridge(703, 610, 120, '#93b3a4', 0), 0)
  within(pen, () => {
    pen.translate(-1400, -30)
    pen.scale(2.05, 2.05)
    branch(pen, t, { wood: '#4b3a37' })
  })
  falling(pen, 704, 9, t)
}
