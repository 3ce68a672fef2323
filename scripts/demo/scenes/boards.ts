import { overBed, speak } from '../audio/speech.ts'
import { drawRidge, mist, ridge, sky } from '../picture/land.ts'
import { ease, font, INK, mixOf, within, type Pen } from '../picture/stage.ts'
import { diamond, opening } from '../picture/titles.ts'
import { hem } from '../picture/weave.ts'
import { excerpt, lengthOf, piece, type Film } from './film.ts'

type Weather = 'mist' | 'sun' | 'cloud' | 'rain'
const PLACES: readonly {
  readonly name: string
  readonly kind: Weather
  readonly words: string
  readonly low: number
  readonly high: number
}[] = [
  { name: 'Phường Mường Sương', kind: 'mist', words: 'Sương sớm, trưa hửng nắng', low: 11, high: 22 },
  { name: 'Đèo Khau Mây', kind: 'mist', words: 'Sương mù dày, tầm nhìn 50 m', low: 6, high: 13 },
  { name: 'Bản Nà Sương', kind: 'sun', words: 'Nắng nhẹ, lặng gió', low: 10, high: 23 },
  { name: 'Bản Co Ban', kind: 'cloud', words: 'Nhiều mây, không mưa', low: 9, high: 20 },
  { name: 'Bản Huổi Mây', kind: 'rain', words: 'Chiều tối có mưa nhỏ', low: 8, high: 17 },
]

const weatherIcon = (pen: Pen, kind: Weather, x: number, y: number, t: number): void =>
  within(pen, () => {
    pen.translate(x, y)
    pen.lineCap = 'round'
    const cloud = (colour: string, dx = 0) => {
      pen.fillStyle = colour
      pen.beginPath()
      pen.arc(-14 + dx, 4, 13, 0, 7)
      pen.arc(4 + dx, -4, 18, 0, 7)
      pen.arc(22 + dx, 5, 12, 0, 7)
      pen.rect(-14 + dx, 4, 36, 13)
      pen.fill()
    }
    if (kind === 'sun') {
      pen.rotate(t * 0.25)
      pen.fillStyle = INK.turmeric
      pen.beginPath()
      pen.arc(0, 0, 15, 0, 7)
      pen.fill()
      pen.strokeStyle = INK.turmeric
      pen.lineWidth = 4
      for (let i = 0; i < 8; i++) {
        pen.rotate(Math.PI / 4)
        pen.beginPath()
        pen.moveTo(0, -22)
        pen.lineTo(0, -28)
        pen.stroke()
      }
    }
    if (kind === 'cloud') cloud('#c3d0d6', Math.sin(t) * 3)
    if (kind === 'rain') {
      cloud('#93a4ad')
      pen.strokeStyle = INK.sky
      pen.lineWidth = 3.5
      for (let i = 0; i < 3; i++) {
        const fall = (t * 1.1 + i * 0.37) % 1
        pen.globalAlpha = 1 - fall
        pen.beginPath()
        pen.moveTo(-12 + i * 14, 20 + fall * 14)
        pen.lineTo(-15 + i * 14, 28 + fall * 14)
        pen.stroke()
      }
    }
    if (kind === 'mist') {
      pen.strokeStyle = '#b9c8cc'
      pen.lineWidth = 5
      for (let i = 0; i < 4; i++) {
        const shift = Math.sin(t * 0.9 + i * 1.4) * 6
        pen.beginPath()
        pen.moveTo(-24 + shift + (i % 2) * 6, -16 + i * 11)
        pen.lineTo(22 + shift - (i % 2) * 4, -16 + i * 11)
        pen.stroke()
      }
    }
  })

const boardHead = (pen: Pen, t: number, title: string, under: string): void => {
  pen.fillStyle = '#0d141ad6'
  pen.fillRect(64, 56, 1010, 606)
  font(pen, 44, 700)
  pen.fillStyle = INK.white
  pen.fillText(title, 100, 122)
  font(pen, 24, 400)
  pen.fillStyle = INK.soft
  pen.fillText(under, 100, 160)
  hem(pen, 100, 178, Math.round(ease(t, 0.6, 3) * 234), 4, { outer: INK.turmeric, inner: INK.thread })
}

const weather: Film = {
  file: 'thoi-tiet/thoi-tiet-pho-nui.mp4',
  title: 'Thời tiết phố núi',
  build: () => {
    const layers = [ridge(19, 360, 240, '#5f7f90', 2), ridge(83, 500, 170, '#3c5c6c', 5), ridge(84, 610, 120, '#213a48', 9)]
    const speech = overBed(
      speak('ha', [
        'Thời tiết phố núi.',
        'Sáng sớm sương mù phủ các thung lũng, đèo Khau Mây chỉ nhìn được khoảng năm mươi mét.',
        'Trung tâm phường từ mười một đến hai mươi hai độ, trưa hửng nắng.',
        'Vùng cao lạnh, nơi thấp nhất sáu độ. Bản Huổi Mây chiều tối có mưa nhỏ.',
        'Bà con nhớ che gió cho chuồng trại và mặc ấm cho trẻ nhỏ.',
      ]),
      piece('nenSang'),
      { leadSeconds: 2.2, tailSeconds: 2.6 },
    )
    return {
      seconds: lengthOf(speech),
      sound: speech.sound,
      draw: (pen, t) => {
        sky(pen, [
          [0, '#7fa3b5'],
          [0.7, '#d9e3e2'],
          [1, '#f1e6d8'],
        ])
        for (const layer of layers) {
          drawRidge(pen, layer, t)
          mist(pen, layer.drift, 520, 120, '#ffffff', 0.35, t, 12)
        }
        boardHead(pen, t, 'Thời tiết phố núi', 'Hôm nay, nhiệt độ thấp nhất và cao nhất')
        PLACES.forEach((place, i) => {
          const appear = ease(t, 2 + i * 1.1, 2.8 + i * 1.1)
          within(pen, () => {
            pen.globalAlpha = appear
            const y = 252 + i * 82
            pen.translate((1 - appear) * 26, 0)
            weatherIcon(pen, place.kind, 140, y, t + i)
            font(pen, 31, 600)
            pen.fillStyle = INK.white
            pen.fillText(place.name, 206, y - 2)
            font(pen, 22, 400)
            pen.fillStyle = INK.soft
            pen.fillText(place.words, 206, y + 29)
            const scale = (v: number) => 668 + v * 9.4
            pen.fillStyle = '#2a3843'
            pen.fillRect(scale(0), y + 2, scale(26) - scale(0), 8)
            pen.fillStyle = INK.turmeric
            pen.fillRect(scale(place.low), y + 2, (scale(place.high) - scale(place.low)) * appear, 8)
            font(pen, 29, 600)
            pen.fillStyle = INK.sky
            pen.fillText(`${Math.round(mixOf(0, place.low, appear))}°`, scale(place.low) - 50, y - 12)
            pen.fillStyle = INK.turmeric
            pen.fillText(`${Math.round(mixOf(0, place.high, appear))}°`, scale(place.high) + 12, y - 12)
            pen.fillStyle = '#2a3843'
            if (i < PLACES.length - 1) pen.fillRect(100, y + 46, 938, 1)
          })
        })
      },
    }
  },
}

const GOODS: readonly {
  readonly name: string
  readonly unit: string
  readonly price: number
  readonly change: number
  readonly days: readonly number[]
}[] = [
  { name: 'Mận sớm Co Ban', unit: 'kg', price: 35_000, change: 3_000, days: [26, 27, 30, 30, 32, 35] },
  { name: 'Gạo nếp nương', unit: 'kg', price: 32_000, change: 0, days: [32, 32, 31, 32, 32, 32] },
  { name: 'Măng tươi', unit: 'kg', price: 18_000, change: -2_000, days: [24, 23, 22, 20, 20, 18] },
  { name: 'Gà đồi', unit: 'kg', price: 120_000, change: 5_000, days: [110, 112, 112, 115, 115, 120] },
  { name: 'Mật ong rừng', unit: 'lít', price: 280_000, change: 0, days: [280, 285, 280, 280, 280, 280] },
  { name: 'Rau cải mèo', unit: 'mớ', price: 8_000, change: -1_000, days: [10, 9, 9, 10, 9, 8] },
]
const dotted = (n: number): string => String(n).replaceAll(/\B(?=(\d{3})+(?!\d))/g, '.')

const prices: Film = {
  file: 'gia-cho/gia-cho-phien.mp4',
  title: 'Giá chợ phiên',
  build: () => {
    const back = [ridge(41, 330, 220, '#d8a892', 2), ridge(63, 470, 160, '#9b7f7d', 6)]
    return {
      seconds: 32,
      sound: excerpt('nuong', 32),
      draw: (pen, t) => {
        sky(pen, [
          [0, '#f2c9b0'],
          [0.6, '#f8e5d2'],
          [1, '#e8e2d2'],
        ])
        for (const layer of back) {
          drawRidge(pen, layer, t)
          mist(pen, layer.drift + 9, 470, 110, '#fff6ee', 0.6, t)
        }
        boardHead(pen, t, 'Giá chợ phiên', 'Đồng một đơn vị, so với phiên trước')
        GOODS.forEach((item, i) => {
          const appear = ease(t, 1.6 + i * 1.2, 2.3 + i * 1.2)
          within(pen, () => {
            pen.globalAlpha = appear
            const y = 256 + i * 71
            diamond(pen, 116, y - 9, 8, i % 2 ? INK.leaf : INK.ban)
            font(pen, 31, 600)
            pen.fillStyle = INK.white
            pen.fillText(item.name, 146, y)
            font(pen, 22, 400)
            pen.fillStyle = INK.grey
            pen.fillText(`1 ${item.unit}`, 430, y)
            const low = Math.min(...item.days)
            const high = Math.max(...item.days, low + 1)
            pen.strokeStyle = INK.leaf
            pen.lineWidth = 3
            pen.beginPath()
            item.days.forEach((v, k) => {
              const px = 540 + k * 30
              const py = y + 6 - ((v - low) / (high - low)) * 32
              const end = 540 + 180 * ease(t, 2 + i * 1.2, 4 + i * 1.2)
              if (px > end) return
              if (k === 0) pen.moveTo(px, py)
              else pen.lineTo(px, py)
              pen.lineTo(Math.min(px + 30, end), py)
            })
            pen.stroke()
            font(pen, 33, 700)
            pen.fillStyle = INK.white
            pen.textAlign = 'right'
            pen.fillText(dotted(item.price), 890, y)
            font(pen, 24, 600)
            pen.fillStyle = item.change > 0 ? INK.turmeric : item.change < 0 ? INK.leaf : INK.grey
            pen.fillText(
              item.change > 0 ? `▲ ${dotted(item.change)}` : item.change < 0 ? `▼ ${dotted(-item.change)}` : 'giữ giá',
              1038,
              y,
            )
            pen.textAlign = 'left'
            pen.fillStyle = '#2a3843'
            if (i < GOODS.length - 1) pen.fillRect(100, y + 25, 938, 1)
          })
        })
        opening(pen, t, { kicker: 'Thứ Bảy hằng tuần', title: 'Giá chợ phiên' }, 2.4)
      },
    }
  },
}

export const BOARDS: readonly Film[] = [weather, prices]
