import { font, HEIGHT, INK, WIDTH, within, type Draw, type Pen } from '../picture/stage.ts'
import { hem } from '../picture/weave.ts'
import { blossom, cleaning, football, khen, spring } from './landPictures.ts'
import { bus, clinic, library, paperwork, plums } from './townPictures.ts'

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
