import { overBed, speak } from '../audio/speech.ts'
import { branch, falling, flower } from '../picture/blossom.ts'
import { drawRidge, mist, ridge, sky, terraces } from '../picture/land.ts'
import { clamp, ease, glow, gradient, HEIGHT, WIDTH, within, type Pen } from '../picture/stage.ts'
import { lowerThird, opening } from '../picture/titles.ts'
import { crowd, horse, house, stall } from '../picture/village.ts'
import { captions, excerpt, lengthOf, piece, type Film } from './film.ts'

const walker = (pen: Pen, x: number, y: number, scale: number, colour: string, t: number, hat: string): void =>
  within(pen, () => {
    pen.translate(x, y - Math.abs(Math.sin(t * 4.2)) * 2)
    pen.scale(scale, scale)
    pen.strokeStyle = colour
    pen.fillStyle = colour
    pen.lineCap = 'round'
    pen.lineWidth = 6
    for (const turn of [0, Math.PI]) {
      pen.beginPath()
      pen.moveTo(0, -26)
      pen.lineTo(Math.sin(t * 4.2 + turn) * 11, 2)
      pen.stroke()
    }
    pen.beginPath()
    pen.moveTo(-9, -58)
    pen.lineTo(9, -58)
    pen.lineTo(12, -20)
    pen.lineTo(-12, -20)
    pen.fill()
    pen.beginPath()
    pen.arc(0, -68, 8, 0, 7)
    pen.fill()
    pen.fillStyle = hat
    pen.beginPath()
    pen.moveTo(-19, -69)
    pen.lineTo(0, -86)
    pen.lineTo(19, -69)
    pen.fill()
  })

const bridge: Film = {
  file: 'vong-quanh-cac-ban/cau-treo-na-suong.mp4',
  title: 'Vòng quanh các bản: cầu treo Nà Sương',
  crf: 38,
  build: () => {
    const far = ridge(73, 270, 230, '#8fb0a6', 1.5)
    const mid = ridge(37, 380, 170, '#4f8069', 4)
    const deck = (x: number) => 476 + Math.sin(((x - 80) / 1120) * Math.PI) * 26
    return {
      seconds: 36,
      sound: excerpt('suoi', 36, 5.8),
      draw: (pen, t) => {
        sky(pen, [
          [0, '#b9d3d6'],
          [1, '#eef2e6'],
        ])
        glow(pen, 300, 150, 260, '#fff3d6', 0.8)
        drawRidge(pen, far, t)
        mist(pen, 21, 350, 110, '#ffffff', 0.6, t)
        drawRidge(pen, mid, t)
        mist(pen, 23, 470, 90, '#ffffff', 0.45, t, 14)
        pen.fillStyle = gradient(pen, 440, 720, [
          [0, '#8fb7bb'],
          [1, '#4f8288'],
        ])
        pen.beginPath()
        pen.moveTo(360, 720)
        pen.bezierCurveTo(560, 560, 520, 500, 660, 440)
        pen.bezierCurveTo(760, 500, 860, 580, 1010, 720)
        pen.fill()
        within(pen, () => {
          pen.beginPath()
          pen.moveTo(360, 720)
          pen.bezierCurveTo(560, 560, 520, 500, 660, 440)
          pen.bezierCurveTo(760, 500, 860, 580, 1010, 720)
          pen.clip()
          pen.strokeStyle = '#ffffff70'
          for (let i = 0; i < 34; i++) {
            const depth = ((t * 0.09 + i * 0.137) % 1) ** 1.6
            const x = 672 + ((i * 89) % 600) * (depth - 0.1) - 300 * depth
            pen.lineWidth = 1 + depth * 3
            pen.beginPath()
            pen.moveTo(x, 450 + depth * 270)
            pen.lineTo(x + 16 + depth * 60, 450 + depth * 270 + Math.sin(t * 2 + i) * 2)
            pen.stroke()
          }
        })
        pen.fillStyle = '#2c5a45'
        for (const flip of [false, true])
          within(pen, () => {
            if (flip) {
              pen.translate(WIDTH, 0)
              pen.scale(-1, 1)
            }
            pen.beginPath()
            pen.moveTo(-10, 720)
            pen.lineTo(-10, 450)
            pen.bezierCurveTo(220, 440, 400, 540, 420, 600)
            pen.bezierCurveTo(420, 650, 360, 690, 340, 720)
            pen.fill()
          })
        const sway = Math.sin(t * 0.9) * 2
        pen.fillStyle = '#3c2f2b'
        for (const x of [262, 1000]) {
          pen.fillRect(x, 270, 18, 250)
          pen.fillRect(x - 34, 292, 86, 12)
        }
        const cable = (x: number) => 276 + 4 * 190 * clamp((x - 271) / 738) * (1 - clamp((x - 271) / 738))
        pen.strokeStyle = '#3c2f2b'
        pen.lineWidth = 6
        pen.beginPath()
        pen.moveTo(60, 462)
        pen.lineTo(271, 276)
        for (let x = 271; x <= 1009; x += 18) pen.lineTo(x, cable(x) + sway)
        pen.lineTo(1220, 462)
        pen.stroke()
        pen.lineWidth = 2.4
        for (let x = 290; x < 1000; x += 27) {
          pen.beginPath()
          pen.moveTo(x, cable(x) + sway)
          pen.lineTo(x, deck(x) + sway)
          pen.stroke()
        }
        pen.fillStyle = '#7a4f3a'
        pen.beginPath()
        pen.moveTo(60, deck(80))
        for (let x = 80; x <= 1200; x += 20) pen.lineTo(x, deck(x) + sway)
        pen.lineTo(1220, deck(1200) + 16)
        for (let x = 1200; x >= 80; x -= 20) pen.lineTo(x, deck(x) + 16 + sway)
        pen.fill()
        for (const [start, speed, hat, size] of [
          [60, 24, '#e8dcb5', 0.82],
          [-40, 24, '#d8a93f', 0.76],
          [-260, 27, '#e8dcb5', 0.8],
        ] as const) {
          const x = start + t * speed + 80
          if (x > 70) walker(pen, x, deck(x) + sway, size, '#2b2430', t + start, hat)
        }
        house(pen, 1130, 452, 0.95, { wood: '#3c3a34' })
        branch(pen, t, { wood: '#4b3a37' })
        falling(pen, 27, 8, t)
        opening(pen, t, { kicker: 'Vòng quanh các bản', title: 'Cầu treo Nà Sương', under: 'Nối hai bờ suối Nậm Sương' })
        lowerThird(pen, t, 9, 18, { title: 'Cầu dài 86 mét, rộng 2,2 mét', under: 'Xe máy đi một chiều, nhường người đi bộ' })
        lowerThird(pen, t, 22, 31, { title: 'Học sinh bớt ba cây số tới trường', under: 'Bản Nà Sương, phường Mường Sương' })
      },
    }
  },
}

const market: Film = {
  file: 'vong-quanh-cac-ban/cho-phien.mp4',
  title: 'Vòng quanh các bản: chợ phiên buổi sớm',
  crf: 38,
  build: () => {
    const layers = [ridge(41, 290, 220, '#d8a892', 1.5), ridge(63, 400, 160, '#9b7f7d', 4)]
    return {
      seconds: 34,
      sound: excerpt('nuong', 34),
      draw: (pen, t) => {
        sky(pen, [
          [0, '#f2c9b0'],
          [0.6, '#f8e5d2'],
          [1, '#e8e2d2'],
        ])
        const sun = 240 - t * 1.6
        glow(pen, 330, sun, 300, '#ffd9a0', 0.8)
        pen.fillStyle = '#fff3df'
        pen.beginPath()
        pen.arc(330, sun, 58, 0, 7)
        pen.fill()
        layers.forEach((layer, i) => {
          drawRidge(pen, layer, t)
          mist(pen, 31 + i, 380 + i * 70, 110, '#fff6ee', 0.6, t)
        })
        pen.fillStyle = '#5a4640'
        pen.fillRect(0, 640, WIDTH, 80)
        within(pen, () => {
          pen.translate(-t * 9, 0)
          ;['#1f5b43', '#2f4a86', '#a63c68', '#b07a1c', '#1f5b43', '#2f4a86'].forEach((colour, i) => {
            const x = 130 + i * 316
            stall(pen, x, 470, colour, t, i)
            const fruit = ['#8d2b45', '#d8a93f', '#5f8a45', '#b5480f', '#8d2b45', '#efc66b'][i] ?? '#8d2b45'
            for (let k = 0; k < 14; k++) {
              pen.fillStyle = k % 5 === 2 ? '#ffffff30' : fruit
              pen.beginPath()
              pen.arc(x - 104 + (k % 7) * 34, 552 - Math.floor(k / 7) * 24, 15, 0, 7)
              pen.fill()
            }
          })
        })
        for (let i = 0; i < 6; i++)
          walker(
            pen,
            ((i * 260 + t * (18 + i * 3)) % (WIDTH + 200)) - 100,
            672,
            1.35,
            '#2d2430',
            t + i * 2,
            i % 2 ? '#e8dcb5' : '#f1a9c4',
          )
        crowd(pen, 23, 690, '#241d27', 18, (i) => Math.sin(t * 0.9 + i) * 0.8)
        opening(pen, t, {
          kicker: 'Vòng quanh các bản',
          title: 'Chợ phiên buổi sớm',
          under: 'Từ năm rưỡi sáng, sân chợ Nậm Sương',
        })
        lowerThird(pen, t, 10, 18, { title: 'Mận sớm Co Ban', under: 'Hái trong đêm, bán trong ngày' })
        lowerThird(pen, t, 21, 30, { title: 'Thêm phiên tối thứ Sáu', under: 'Mở tới hết mùa hoa' })
      },
    }
  },
}

const farm: Film = {
  file: 'nha-nong-hoi/giu-am-cho-ma.mp4',
  title: 'Nhà nông hỏi: giữ ấm cho mạ',
  crf: 38,
  build: () => {
    const speech = overBed(
      speak('ha', [
        'Bà con hỏi: đêm rét, giữ mạ thế nào cho khỏi chết?',
        'Một: phủ ni lông trắng trước mười giờ đêm, mép phủ chèn đất cho kín.',
        'Hai: giữ nước xâm xấp mặt ruộng, sáng tháo bớt khi trời hửng.',
        'Ba: rắc tro bếp lên luống, chưa bón đạm trong ba ngày rét.',
        'Nắng lên thì mở hai đầu luống cho mạ thở.',
      ]),
      piece('nenSang'),
      { leadSeconds: 5, tailSeconds: 2.6 },
    )
    const far = [ridge(91, 190, 170, '#a9c2bd', 1.5), ridge(17, 262, 130, '#6f9a8b', 3)]
    return {
      seconds: lengthOf(speech),
      sound: speech.sound,
      draw: (pen, t) => {
        sky(pen, [
          [0, '#cfe0e2'],
          [0.5, '#f3efe0'],
          [1, '#fbe7df'],
        ])
        far.forEach((layer, i) => {
          drawRidge(pen, layer, t)
          mist(pen, 50 + i, 250 + i * 60, 80, '#ffffff', 0.6, t)
        })
        terraces(pen, t, ['#c8dcb0', '#a9cb98', '#8bb684', '#e4dfae', '#6fa273', '#55895f', '#d6d39b', '#3f7250'], '#c6dfe3b0')
        house(pen, 980, 356, 0.85, { wood: '#3c3a34' })
        house(pen, 860, 372, 0.6, { wood: '#4a4840' })
        // A buffalo pulls slowly along one step of the field.
        within(pen, () => {
          pen.translate(180 + t * 9, 560 + Math.sin(t * 2.2) * 1.5)
          pen.fillStyle = '#3a3734'
          pen.beginPath()
          pen.ellipse(0, -34, 52, 25, 0, 0, 7)
          pen.fill()
          pen.beginPath()
          pen.ellipse(58, -40, 19, 15, 0.5, 0, 7)
          pen.fill()
          pen.strokeStyle = '#3a3734'
          pen.lineCap = 'round'
          pen.lineWidth = 11
          for (const [x, p] of [
            [-34, 0],
            [-18, 3],
            [22, 1.5],
            [36, 4.5],
          ] as const) {
            pen.beginPath()
            pen.moveTo(x, -22)
            pen.lineTo(x + Math.sin(t * 2.2 + p) * 8, 6)
            pen.stroke()
          }
          pen.lineWidth = 5
          pen.beginPath()
          pen.arc(62, -58, 16, 2.6, 5.4)
          pen.stroke()
          walker(pen, -128, 6, 0.95, '#2b2f3a', t * 0.55, '#e8dcb5')
          pen.strokeStyle = '#4a3a2c'
          pen.lineWidth = 4
          pen.beginPath()
          pen.moveTo(-116, -34)
          pen.lineTo(-50, -26)
          pen.stroke()
        })
        opening(pen, t, { kicker: 'Nhà nông hỏi', title: 'Giữ ấm cho mạ', under: 'Cùng cán bộ khuyến nông phường' }, 4.6)
        captions(pen, t, speech.marks)
      },
    }
  },
}

const blossom: Film = {
  file: 'ca-nhac/hoa-ban-roi.mp4',
  title: 'Ca nhạc và phong cảnh: suối đầu nguồn',
  crf: 42,
  build: () => {
    const layers = [ridge(305, 400, 220, '#c2d4cb', 2), ridge(308, 500, 160, '#9dbcae', 4), ridge(309, 620, 110, '#5c8a74', 8)]
    return {
      seconds: 42,
      sound: excerpt('suoi', 42),
      draw: (pen, t) => {
        sky(pen, [
          [0, '#cfe2e4'],
          [0.6, '#f6eef0'],
          [1, '#fbe3ea'],
        ])
        glow(pen, 420, 180, 320, '#fff1dc', 0.7)
        layers.forEach((layer, i) => {
          drawRidge(pen, layer, t)
          mist(pen, 300 + i, 470 + i * 70, 90, '#ffffff', 0.5, t)
        })
        house(pen, 300, 640, 1, { wood: '#3c3a34' })
        branch(pen, t, { wood: '#4b3a37', open: ease(t, 0, 9) })
        falling(pen, 301, 26, t)
        for (let i = 0; i < 5; i++)
          flower(
            pen,
            120 + i * 92,
            704 + Math.sin(t * 0.8 + i) * 4,
            64 + (i % 3) * 14,
            i * 1.3 + Math.sin(t * 0.5 + i) * 0.08,
            ease(t, 2 + i, 12 + i),
          )
        opening(pen, t, { kicker: 'Ca nhạc và phong cảnh', title: 'Suối đầu nguồn', under: 'Sáo và tính tẩu' })
        lowerThird(pen, t, 18, 27, { title: 'Mùa ban nở sớm', under: 'Dốc Nậm Sương' })
      },
    }
  },
}

const caravan: Film = {
  file: 'con-duong-muoi/doan-ngua-qua-deo.mkv',
  title: 'Con đường muối: đoàn ngựa qua đèo',
  crf: 38,
  build: () => {
    const speech = overBed(
      speak('trung', [
        'Trước khi có đường xe, muối lên núi trên lưng ngựa.',
        'Mười hai ngày đường, ba con dốc, một quán nước.',
        'Người dẫn đoàn nhìn sao mà nhổ trại, nghe suối mà dừng chân.',
        'Hạt muối về tới bản, cả bản nấu nồi canh chung.',
      ]),
      piece('nenChieu'),
      { leadSeconds: 5, tailSeconds: 5 },
    )
    const layers = [ridge(401, 300, 230, '#c98d78', 2), ridge(402, 400, 190, '#95606a', 5), ridge(403, 500, 130, '#5d3d57', 9)]
    return {
      seconds: lengthOf(speech),
      sound: speech.sound,
      draw: (pen, t) => {
        sky(pen, [
          [0, '#40335c'],
          [0.4, '#b3627a'],
          [0.75, '#f0a87e'],
          [1, '#ffd9a8'],
        ])
        const sun = 330 + t * 2
        glow(pen, 760, sun, 360, '#ffd08a', 0.75)
        pen.fillStyle = '#ffe9c0'
        pen.beginPath()
        pen.arc(760, sun, 62, 0, 7)
        pen.fill()
        layers.forEach((layer, i) => {
          drawRidge(pen, layer, t)
          mist(pen, 400 + i, 400 + i * 70, 90, '#f7c9a8', 0.34, t)
        })
        const road = (x: number) => 610 - Math.sin((x + t * 16) / 210) * 22 - Math.sin((x + t * 16) / 90) * 6
        pen.fillStyle = '#1f1626'
        pen.beginPath()
        pen.moveTo(0, HEIGHT)
        for (let x = 0; x <= WIDTH; x += 16) pen.lineTo(x, road(x))
        pen.lineTo(WIDTH, HEIGHT)
        pen.fill()
        for (let i = 0; i < 5; i++) {
          const x = 250 + i * 180
          horse(pen, x, road(x) - 2, 1.12, '#150f1b', t, i * 1.7, '#3a2a35')
        }
        walker(pen, 1140, road(1140), 1.15, '#150f1b', t, '#3a2a35')
        walker(pen, 150, road(150), 1.1, '#150f1b', t + 2, '#3a2a35')
        opening(pen, t, { kicker: 'Phim tài liệu', title: 'Con đường muối', under: 'Phần một: đoàn ngựa qua đèo' }, 4.6)
        captions(pen, t, speech.marks)
      },
    }
  },
}

export const DAYLIGHT_FILMS: readonly Film[] = [bridge, market, farm, blossom, caravan]
