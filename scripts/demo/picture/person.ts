import { within, type Pen } from './stage.ts'

/** A person in a few strokes; `lean` tips the body, `arms` are where the two hands are, from the shoulders. */
export const person = (
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
