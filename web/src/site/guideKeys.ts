const STEPS: Readonly<Record<string, readonly [lane: number, cell: number]>> = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
}

/** Up and down go through a channel's day, left and right to what another channel airs at that time. */
export function arrowMove(event: KeyboardEvent): void {
  const step = STEPS[event.key]
  const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('a[data-cell]') : null
  if (!step || !cell) return
  const lane = cell.closest('ol')
  const lanes = [...(event.currentTarget as Element).querySelectorAll('ol')].filter((list) => list.offsetParent !== null)
  const goal = lane && (step[0] === 0 ? neighbour(lane, cell, step[1]) : across(lanes[lanes.indexOf(lane) + step[0]], cell))
  if (!goal) return
  event.preventDefault()
  goal.focus({ preventScroll: true })
  goal.scrollIntoView({ block: 'nearest' })
}

const cellsOf = (lane: Element) => [...lane.querySelectorAll<HTMLElement>('a[data-cell]')]
const middleOf = (cell: Element) => {
  const { top, bottom } = (cell.closest('li') ?? cell).getBoundingClientRect()
  return (top + bottom) / 2
}

function neighbour(lane: Element, cell: HTMLElement, by: number): HTMLElement | undefined {
  const cells = cellsOf(lane)
  return cells[cells.indexOf(cell) + by]
}

function across(lane: Element | undefined, from: Element): HTMLElement | undefined {
  if (!lane) return undefined
  const middle = middleOf(from)
  return cellsOf(lane).reduce<HTMLElement | undefined>(
    (best, cell) => (best && Math.abs(middleOf(best) - middle) <= Math.abs(middleOf(cell) - middle) ? best : cell),
    undefined,
  )
}
