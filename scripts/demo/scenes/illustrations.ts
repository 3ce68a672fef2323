import { createRandom } from '../random.ts'
import { branch, falling, flower } from '../picture/blossom.ts'
import { drawRidge, mist, ridge, sky, stars } from '../picture/land.ts'
import { font, glow, gradient, HEIGHT, INK, WIDTH, within, type Draw, type Pen } from '../picture/stage.ts'
import { house } from '../picture/village.ts'
import { hem } from '../picture/weave.ts'

/** A person in a few strokes; `lean` tips the body, `arms` are where the two hands are, from the shoulders. */
const person = (
  pen: Pen,
  x: number,
  y: number,
  scale: number,
  colour: string,
  pose: {
    readonly arms?: readonly (readonly [number, number])[]
    readonly legs?: readonly [number, number]
    readonly skirt?: boolean
    readonly skin?: string
  } = {},
): void =>
  within(pen, () => {
    pen.translate(x, y)
    pen.scale(scale, scale)
    pen.lineCap = 'round'
    pen.strokeStyle = '#2b2430'
    pen.lineWidth = 8
    for (const dx of pose.legs ?? [-6, 6]) {
      pen.beginPath()
      pen.moveTo(Math.sign(dx) * 4, -32)
      pen.lineTo(dx, 0)
      pen.stroke()
    }
    pen.fillStyle = colour
    pen.beginPath()
    pen.moveTo(-13, -74)
    pen.lineTo(13, -74)
    pen.lineTo(pose.skirt ? 18 : 12, pose.skirt ? -12 : -30)
    pen.lineTo(pose.skirt ? -18 : -12, pose.skirt ? -12 : -30)
    pen.fill()
    pen.strokeStyle = colour
    pen.lineWidth = 7
    for (const [hx, hy] of pose.arms ?? [
      [-16, -40],
      [16, -40],
    ]) {
      pen.beginPath()
      pen.moveTo(Math.sign(hx) * 11, -70)
      pen.lineTo(hx, hy)
      pen.stroke()
    }
    pen.fillStyle = pose.skin ?? '#c9a386'
    pen.beginPath()
    pen.arc(0, -88, 12, 0, 7)
    pen.fill()
    pen.fillStyle = '#1f1b22'
    pen.beginPath()
    pen.arc(0, -91, 12, Math.PI, 2 * Math.PI)
    pen.fill()
  })

const library: Draw = (pen, t) => {
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

const plums: Draw = (pen, t) => {
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

const paperwork: Draw = (pen, t) => {
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

const bus: Draw = (pen, t) => {
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

const clinic: Draw = (pen, t) => {
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

const football: Draw = (pen, t) => {
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

const spring: Draw = (pen, t) => {
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

const khen: Draw = (pen, t) => {
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

const cleaning: Draw = (pen, t) => {
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

const blossom: Draw = (pen, t) => {
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

/** One drawing per article that no film illustrates. */
export const ILLUSTRATIONS: { readonly [article: string]: Draw } = {
  'mua-ban-pho-nui': blossom,
  'thu-vien-huoi-may': library,
  'man-som-co-ban': plums,
  'dich-vu-cong-tai-nha': paperwork,
  'xe-khach-doi-gio': bus,
  'tram-y-te-ho-keo-dai': clinic,
  'bong-da-pho-nui': football,
  'nuoc-sach-huoi-may': spring,
  'doi-khen-huoi-may': khen,
  'don-suoi-nam-suong': cleaning,
}

const words = (pen: Pen, title: readonly string[], under: string, colour: string): void => {
  font(pen, 42, 700)
  pen.fillStyle = colour
  title.forEach((line, i) => pen.fillText(line, 40, 372 + i * 50))
  font(pen, 25, 500)
  pen.fillText(under, 40, 372 + title.length * 50)
}

export const ADVERTISEMENTS: { readonly [name: string]: Draw } = {
  'man-co-ban': (pen) => {
    pen.fillStyle = '#f6e9cf'
    pen.fillRect(0, 0, 680, 500)
    pen.fillStyle = '#edd0b8'
    pen.beginPath()
    pen.arc(460, 180, 200, 0, 7)
    pen.fill()
    for (const [x, y, r, c] of [
      [370, 230, 92, '#6f2038'],
      [510, 190, 116, '#8d2b45'],
    ] as const) {
      pen.fillStyle = c
      pen.beginPath()
      pen.arc(x, y, r, 0, 7)
      pen.fill()
      pen.strokeStyle = '#f0c9d2'
      pen.lineWidth = 10
      pen.lineCap = 'round'
      pen.beginPath()
      pen.arc(x, y, r * 0.66, 3.5, 4.4)
      pen.stroke()
      pen.strokeStyle = '#3c5a2c'
      pen.beginPath()
      pen.moveTo(x, y - r * 0.92)
      pen.quadraticCurveTo(x + 4, y - r * 1.3, x + 36, y - r * 1.4)
      pen.stroke()
    }
    pen.fillStyle = '#5f8a45'
    pen.beginPath()
    pen.ellipse(594, 52, 56, 20, -0.3, 0, 7)
    pen.fill()
    words(pen, ['Mận sớm Co Ban', 'đã lên sàn'], 'Hợp tác xã Co Ban, giao trong ngày', '#3a1420')
    hem(pen, 0, 330, 0, 4, { outer: INK.wine, inner: INK.turmeric })
  },
  'xe-khach': (pen) => {
    pen.fillStyle = '#123e2c'
    pen.fillRect(0, 0, 680, 500)
    within(pen, () => {
      pen.scale(680 / WIDTH, 680 / WIDTH)
      pen.beginPath()
      pen.rect(0, 0, WIDTH, HEIGHT - 120)
      pen.clip()
      pen.translate(0, -110)
      bus(pen, 3)
    })
    words(pen, ['Xe khách Mường Sương'], 'Bốn tuyến mỗi ngày, đặt chỗ trước khi ra bến', '#ffffff')
    hem(pen, 40, 452, 150, 4, { outer: INK.ban, inner: INK.turmeric })
  },
}
