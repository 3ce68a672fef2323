import { drum, gong } from '../audio/instruments.ts'
import { addMono, addStereo, silence } from '../audio/sound.ts'
import { branch, falling } from '../picture/blossom.ts'
import { drawRidge, mist, ridge, sky, stars } from '../picture/land.ts'
import { ease, font, glow, gradient, HEIGHT, INK, shown, WIDTH, within, type Pen } from '../picture/stage.ts'
import { diamond } from '../picture/titles.ts'
import { hem, mark, type MarkId } from '../picture/weave.ts'
import { house } from '../picture/village.ts'
import { excerpt, type Film } from './film.ts'

/** One minute whose second hand stands on twelve at its first and at its last frame: aired at hh:59:00 it ends on the hour. */
const clock: Film = {
  file: 'dong-ho/dong-ho-mot-phut.mp4',
  title: 'Đồng hồ Mường Sương',
  isBare: true,
  isAac: true,
  build: () => {
    const sound = silence(60)
    for (let s = 0; s < 60; s++) {
      const isPip = s >= 55
      const voice = isPip
        ? gong({ hertz: 880, seconds: 0.5, strength: 0.9, seed: s })
        : drum({ hertz: s % 15 === 0 ? 150 : 230, seconds: 0.2, strength: s % 15 === 0 ? 0.8 : 0.42, seed: s })
      addMono(sound, voice, { seconds: s, gain: isPip ? 0.5 : 0.3, pan: s % 2 ? 0.15 : -0.15 })
    }
    addStereo(sound, excerpt('nenDem', 54), 0, () => 0.5)
    const far = ridge(311, 470, 170, '#243645', 1.2)
    const near = ridge(313, 580, 120, '#15222c', 2.6)
    return {
      seconds: 60,
      sound,
      draw: (pen, t) => {
        sky(pen, [
          [0, '#0b1219'],
          [0.7, '#23384a'],
          [1, '#4b5f6e'],
        ])
        stars(pen, 8, 120, 430, t)
        drawRidge(pen, far, t)
        mist(pen, 4, 520, 90, '#b9c8cc', 0.4, t)
        drawRidge(pen, near, t)
        mist(pen, 6, 650, 80, '#b9c8cc', 0.3, t, 14)
        const [x, y, r] = [430, 350, 236]
        glow(pen, x, y, 380, '#84cda7', 0.16)
        pen.fillStyle = '#0d141ae6'
        pen.beginPath()
        pen.arc(x, y, r, 0, 7)
        pen.fill()
        pen.strokeStyle = INK.line
        pen.lineWidth = 3
        pen.stroke()
        for (let i = 0; i < 60; i++) {
          const angle = (i / 60) * 2 * Math.PI
          const passed = i <= t
          const long = i % 5 === 0
          within(pen, () => {
            pen.translate(x + Math.sin(angle) * (r - 24), y - Math.cos(angle) * (r - 24))
            pen.rotate(angle)
            if (long) diamond(pen, 0, 0, 11, passed ? INK.turmeric : '#5b6870')
            else {
              pen.fillStyle = passed ? INK.leaf : '#44525c'
              pen.fillRect(-2, -8, 4, 16)
            }
          })
        }
        mark(pen, 'ms1', x - 62, y - 118, 124, { ground: INK.forest, thread: INK.paper })
        const angle = (t / 60) * 2 * Math.PI
        within(pen, () => {
          pen.translate(x, y)
          pen.rotate(angle)
          pen.fillStyle = INK.ban
          pen.beginPath()
          pen.moveTo(-5, 46)
          pen.lineTo(5, 46)
          pen.lineTo(2, -(r - 44))
          pen.lineTo(-2, -(r - 44))
          pen.fill()
        })
        diamond(pen, x, y, 13, INK.ban)
        pen.fillStyle = INK.soft
        font(pen, 26, 500)
        pen.fillText('Đài Mường Sương', 780, 230)
        pen.fillStyle = INK.white
        font(pen, 52, 700)
        pen.fillText('Sắp tới giờ', 778, 292)
        font(pen, 150, 700)
        pen.fillStyle = t >= 55 ? INK.ban : INK.leaf
        const left = String(60 - Math.floor(t))
        pen.fillText(left, 772, 458)
        const width = pen.measureText(left).width
        font(pen, 34, 500)
        pen.fillStyle = INK.soft
        pen.fillText('giây', 792 + width, 456)
        hem(pen, 780, 492, Math.round((t / 60) * 136), 3, { outer: INK.turmeric, inner: INK.thread })
      },
    }
  },
}

const ident = (channel: MarkId, name: string, strapline: string, start: number): Film => ({
  file: `nen-${channel === 'ms1' ? 'muong-suong-1' : 'muong-suong-2'}/hinh-hieu.mp4`,
  title: `Hình hiệu ${name}`,
  isBare: true,
  isAac: true,
  build: () => {
    const ground = channel === 'ms1' ? INK.forest : INK.indigo
    const back = ridge(channel === 'ms1' ? 21 : 77, 420, 220, channel === 'ms1' ? '#2f6b53' : '#3a5794', 6)
    const front = ridge(channel === 'ms1' ? 22 : 78, 560, 150, channel === 'ms1' ? '#123e2c' : '#1c3263', 14)
    return {
      seconds: 8,
      sound: excerpt('hieu', 8),
      draw: (pen, t) => {
        sky(pen, [
          [0, channel === 'ms1' ? '#0f2c22' : '#131f41'],
          [1, channel === 'ms1' ? '#8cb59e' : '#a9b8de'],
        ])
        drawRidge(pen, back, t)
        mist(pen, 9, 500, 110, '#ffffff', 0.5, t + start, 18)
        drawRidge(pen, front, t)
        glow(pen, 640, 300, 460, '#ffffff', 0.16 * ease(t, 0, 2))
        mark(pen, channel, 530, 150, 220, { ground, thread: INK.white }, ease(t, 0.2, 2.6) * 1.05)
        pen.textAlign = 'center'
        pen.globalAlpha = ease(t, 2, 3)
        pen.fillStyle = INK.white
        font(pen, 64, 700)
        pen.fillText(name, 640, 462 + (1 - ease(t, 2, 3)) * 16)
        font(pen, 28, 500)
        pen.fillStyle = '#ffffffd8'
        pen.fillText(strapline, 640, 508 + (1 - ease(t, 2, 3)) * 16)
        pen.textAlign = 'left'
        pen.globalAlpha = 1
        hem(pen, 440, 548, Math.round(ease(t, 1.6, 4) * 100), 4, { outer: INK.turmeric, inner: INK.ban })
        pen.fillStyle = `rgba(13,20,26,${1 - shown(t, 0, 8, 0.5)})`
        pen.fillRect(0, 0, WIDTH, HEIGHT)
      },
    }
  },
})

/** Fillers say who the station is and no more, so that they may stand anywhere. */
const plate = (pen: Pen, t: number, seconds: number, text: string): void => {
  pen.globalAlpha = shown(t, 1.5, seconds - 1, 1)
  font(pen, 26, 600)
  pen.fillStyle = '#0d141ac0'
  pen.fillRect(64, 598, pen.measureText(text).width + 68, 56)
  diamond(pen, 90, 626, 8, INK.ban)
  pen.fillStyle = INK.white
  pen.fillText(text, 112, 635)
  pen.globalAlpha = 1
}

const morningMist: Film = {
  file: 'nen-muong-suong-1/suong-som.mp4',
  title: 'Sương sớm trên dãy Khau Mây',
  build: () => {
    const layers = [
      ridge(91, 330, 220, '#a9c2bd', 2),
      ridge(17, 420, 190, '#7da495', 4),
      ridge(43, 510, 150, '#4f7d69', 7),
      ridge(57, 610, 110, '#2b5443', 11),
    ]
    return {
      seconds: 24,
      sound: excerpt('nenSang', 24),
      draw: (pen, t) => {
        sky(pen, [
          [0, '#bcd4da'],
          [0.5, '#f3e6d6'],
          [1, '#fbe7df'],
        ])
        const sun = 236 - t * 2.4
        glow(pen, 860, sun, 330, '#ffd9a0', 0.8)
        pen.fillStyle = '#fff4de'
        pen.beginPath()
        pen.arc(860, sun, 46, 0, 7)
        pen.fill()
        layers.forEach((layer, i) => {
          drawRidge(pen, layer, t)
          mist(pen, 60 + i, 440 + i * 86, 90, '#ffffff', 0.62, t, 8 + i * 4)
        })
        house(pen, 860 - t * 5, 610, 0.95, { wood: '#2f3a33' })
        house(pen, 1010 - t * 5, 634, 0.66, { wood: '#3a463e' })
        plate(pen, t, 24, 'Sương sớm trên dãy Khau Mây')
      },
    }
  },
}

const banRoad: Film = {
  file: 'nen-muong-suong-2/mua-ban.webm',
  title: 'Mùa ban trên phố',
  build: () => {
    const layers = [ridge(5, 420, 220, '#bcd0c7', 2), ridge(8, 540, 150, '#93b3a4', 5)]
    return {
      seconds: 24,
      sound: excerpt('nenChieu', 24),
      draw: (pen, t) => {
        sky(pen, [
          [0, '#d4e4df'],
          [1, '#f9ecf0'],
        ])
        for (const layer of layers) drawRidge(pen, layer, t)
        mist(pen, 15, 520, 100, '#ffffff', 0.55, t)
        branch(pen, t, { wood: '#4b3a37' })
        branch(pen, t + 9, { wood: '#4b3a37', flipped: true })
        falling(pen, 12, 16, t + 20)
        plate(pen, t, 24, 'Mùa ban trên phố')
      },
    }
  },
}

const nightPass: Film = {
  file: 'nen-muong-suong-1/deo-dem.mp4',
  title: 'Đèo Khau Mây ban đêm',
  build: () => {
    const far = ridge(19, 280, 260, '#243543', 2)
    const near = ridge(83, 420, 180, '#1a2a35', 5)
    return {
      seconds: 24,
      sound: excerpt('nenDem', 24),
      draw: (pen, t) => {
        sky(pen, [
          [0, '#0e1620'],
          [1, '#4a5d69'],
        ])
        stars(pen, 31, 140, 330, t)
        drawRidge(pen, far, t)
        mist(pen, 33, 330, 130, '#b9c8cc', 0.4, t)
        drawRidge(pen, near, t)
        mist(pen, 35, 470, 120, '#b9c8cc', 0.4, t, 14)
        pen.fillStyle = gradient(pen, 420, 720, [
          [0, '#141f28'],
          [1, '#0a1016'],
        ])
        pen.beginPath()
        pen.moveTo(420, 720)
        pen.bezierCurveTo(720, 620, 1090, 610, 960, 530)
        pen.bezierCurveTo(860, 480, 660, 500, 700, 436)
        pen.lineTo(770, 436)
        pen.bezierCurveTo(760, 480, 1080, 480, 1120, 560)
        pen.bezierCurveTo(1150, 640, 900, 660, 820, 720)
        pen.fill()
        // A lorry comes down the bends: its lamps follow the road.
        const p = ease(t, 2, 22)
        const x = 735 + Math.sin(p * Math.PI * 1.9) * 230 + p * 60
        const y = 440 + p * 250
        const size = 5 + p * 9
        glow(pen, x, y, 60 + p * 130, '#fff1c4', 0.75)
        pen.fillStyle = '#fffbe6'
        for (const side of [-1, 1]) {
          pen.beginPath()
          pen.arc(x + side * size * 1.3, y, size * 0.55, 0, 7)
          pen.fill()
        }
        mist(pen, 37, 640, 100, '#b9c8cc', 0.28, t, 22)
        plate(pen, t, 24, 'Đèo Khau Mây ban đêm, xin lái xe chậm')
      },
    }
  },
}

export const CONTINUITY: readonly Film[] = [
  clock,
  ident('ms1', 'Mường Sương 1', 'Truyền hình tổng hợp', 0),
  ident('ms2', 'Mường Sương 2', 'Văn hoá, khoa giáo', 40),
  morningMist,
  banRoad,
  nightPass,
]
