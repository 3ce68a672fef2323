import type { Article } from '#contract/news.ts'

const AT = Date.parse('2027-03-12T19:42:08+07:00')
const HOUR_MS = 3_600_000

type Line = {
  readonly slug: string
  readonly title: string
  readonly lead: string
  readonly category: string
  readonly author: string
  readonly hoursAgo: number
  readonly photo?: readonly [alt: string, caption: string]
  readonly programme?: string
  readonly language?: string
  readonly paragraphs: readonly string[]
}

const LINES: readonly Line[] = [
  {
    slug: 'pho-nui-thuc-cung-mua-ban',
    title: 'Phố núi thức cùng mùa ban: con đường lên quảng trường trắng hoa',
    lead: 'Ban nở sớm hơn mọi năm chừng mười ngày. Các bản ven suối đã kịp dựng cổng hoa, và đêm nay vòng xoè mở cho bất cứ ai muốn nắm tay.',
    category: 'le-hoi',
    author: 'Lường Văn Thiện',
    hoursAgo: 0.5,
    photo: ['Cành hoa ban nở trước hai lớp núi mờ', 'Cành ban đầu dốc Nậm Sương, sáng 12/03.'],
    programme: 'dem-hoi-hoa-ban',
    paragraphs: [
      '<p>Bốn giờ chiều, đoạn dốc từ bến xe lên quảng trường không còn chỗ dựng thêm một chiếc xe máy. Người bản Nà Sương gánh xuống mười hai chõ xôi, người Co Ban mang mận đầu vụ, còn đội khèn Huổi Mây vừa đi vừa thử hơi.</p>',
      '<p>Năm nay là lần đầu cả mười hai bản chung một vòng xoè. Những năm trước, mỗi bản múa một lượt rồi nhường sân.</p>',
      '<blockquote>“Tay phải nắm người quen, tay trái nắm người lạ. Hết một vòng thì chẳng còn ai lạ nữa.”<cite>Bà Lò Thị Pâng, bản Nà Sương</cite></blockquote>',
      '<h2>Hoa về sớm, việc cũng sớm</h2>',
      '<p>Tổ chăm cây của phường cho biết mùa đông ấm làm nụ bung từ cuối tháng Hai. Cả tổ dời lịch tỉa cành sang sau hội, rào tạm những gốc non và nhắc khách đừng bẻ cành chụp ảnh.</p>',
      '<p>Đêm hội được truyền trên <a href="/tv/muong-suong-1">Mường Sương 1</a> từ 19:30 đến 21:00.</p>',
    ],
  },
  {
    slug: 'blossom-evening',
    title: 'Ban blossom evening: where to stand, what to bring',
    lead: 'The square opens at five. Twelve villages dance one circle, and strangers are welcome to take a hand.',
    category: 'le-hoi',
    author: 'Lường Văn Thiện',
    hoursAgo: 0.7,
    language: 'en',
    paragraphs: ['<p>Bring a warm coat: the night will fall to nine degrees.</p>'],
  },
  {
    slug: 'cau-treo-na-suong',
    title: 'Cầu treo bản Nà Sương thông xe trước mùa mưa',
    lead: 'Bốn mươi hộ bên kia suối thôi phải gửi xe ở bờ này. Cầu chịu được xe máy chở hàng, cấm ô tô.',
    category: 'giao-thong',
    author: 'Cầm Bá Đạt',
    hoursAgo: 0.8,
    photo: ['Cầu treo bắc qua suối giữa hai sườn núi', 'Nhịp chính dài bảy mươi mét.'],
    programme: 'thoi-su-buoi-toi',
    paragraphs: ['<p>Cây cầu thay bè mảng đã dùng mười một năm.</p>', '<ul><li>Tải trọng: 1,5 tấn</li><li>Rộng: 2 mét</li></ul>'],
  },
  {
    slug: 'ret-muon',
    title: 'Đêm nay vùng cao còn 9 °C, sương dày trên đèo Khau Mây',
    lead: 'Trạm quan trắc trên đèo đo được mười một độ vào đầu giờ tối. Bà con che mạ trước nửa đêm, lái xe bật đèn vàng.',
    category: 'thoi-tiet',
    author: 'Hoàng Thị Dung',
    hoursAgo: 1.4,
    photo: ['Đèo trong sương đêm', 'Đèo Khau Mây lúc chập tối.'],
    programme: 'thoi-su-buoi-toi',
    paragraphs: ['<p>Sương dày nhất vào quãng ba đến năm giờ.</p>'],
  },
  {
    slug: 'cho-phien-toi',
    title: 'Chợ phiên mở thêm buổi tối thứ Sáu cho tới hết mùa hoa',
    lead: 'Ba dãy hàng ăn và hai dãy hàng dệt sáng đèn từ năm giờ chiều. Xe gửi ở sân vận động, không thu tiền.',
    category: 'doi-song',
    author: 'Lường Văn Thiện',
    hoursAgo: 2,
    photo: ['Dãy hàng chợ phiên dưới đèn lồng', 'Chợ phiên lúc lên đèn.'],
    paragraphs: ['<p>Ban quản lý chợ thử trong bốn tuần rồi sẽ hỏi ý bà con.</p>'],
  },
  {
    slug: 'lop-det',
    title: 'Lớp dệt miễn phí tại nhà văn hoá phường kín chỗ sau hai ngày',
    lead: 'Hai mươi khung cửi, bốn mươi người ghi tên. Nghệ nhân Sùng Thị Dợ dạy thêm một ca tối.',
    category: 'van-hoa',
    author: 'Vàng Thị Mỷ',
    hoursAgo: 3.6,
    photo: ['Khung cửi với nửa tấm thổ cẩm', 'Một tấm quả trám dệt dở.'],
    paragraphs: ['<p>Người lớn tuổi nhất lớp bảy mươi hai, người nhỏ nhất mười một.</p>'],
  },
  {
    slug: 'man-som-co-ban',
    title: 'Mận sớm Co Ban: sáu tấn đầu tiên rời bản',
    lead: 'Hợp tác xã chia hàng thành ba loại và dán mã ngay tại vườn, người mua xem được ngày hái.',
    category: 'nong-nghiep',
    author: 'Cầm Bá Đạt',
    hoursAgo: 5,
    programme: 'thoi-su-buoi-toi',
    paragraphs: ['<p>Giá tại vườn cao hơn năm ngoái một phần năm.</p>'],
  },
  {
    slug: 'thu-vien-huoi-may',
    title: 'Thư viện trường Huổi Mây sáng đèn đến chín giờ tối',
    lead: 'Học sinh nội trú và người dân quanh trường mượn sách chung một quầy.',
    category: 'giao-duc',
    author: 'Hoàng Thị Dung',
    hoursAgo: 7,
    photo: ['Giá sách gỗ trong phòng đọc', 'Phòng đọc mở thêm hai giờ.'],
    programme: 'thoi-su-buoi-toi',
    paragraphs: ['<p>Một nghìn hai trăm đầu sách, một phần tư là truyện tranh song ngữ.</p>'],
  },
  {
    slug: 'tram-y-te',
    title: 'Trạm y tế phường có bác sĩ trực đêm từ tuần tới',
    lead: 'Hai bác sĩ thay nhau, mỗi tuần bốn đêm. Đường dây nóng giữ nguyên số.',
    category: 'suc-khoe',
    author: 'Vàng Thị Mỷ',
    hoursAgo: 26,
    paragraphs: ['<p>Các đêm còn lại, điều dưỡng trực và gọi bác sĩ qua màn hình.</p>'],
  },
  {
    slug: 'giai-bong-da',
    title: 'Huổi Mây thắng ngược ở phút bù giờ, giành vé vào bán kết',
    lead: 'Hai bàn trong bốn phút cuối, đều từ bóng chết. Bán kết đá chiều Chủ Nhật, truyền trên Mường Sương 1.',
    category: 'the-thao',
    author: 'Tòng Văn Quân',
    hoursAgo: 27,
    photo: ['Sân cỏ giữa hai quả đồi', 'Sân Huổi Mây chiều thứ Năm.'],
    programme: 'bong-da',
    paragraphs: ['<p>Đội khách dẫn trước tới phút 86.</p>'],
  },
]

const NEWEST_FIRST: readonly Article[] = LINES.map((line) => ({
  slug: line.slug,
  title: line.title,
  lead: line.lead,
  category: line.category,
  language: line.language ?? 'vi',
  authors: [line.author],
  publishedAt: AT - line.hoursAgo * HOUR_MS,
  photo: line.photo
    ? { src: `/photos/${line.slug}.svg`, alt: line.photo[0], caption: line.photo[1], credit: 'Sùng Thị Dợ' }
    : null,
  readingMinutes: 2 + (line.paragraphs.join('').length % 4),
  programme: line.programme ?? null,
  body: line.paragraphs.join('\n'),
  source: null,
  related: [],
}))

const summary = ({ body: _body, source: _source, related: _related, ...rest }: Article) => rest

export const ARTICLES: readonly Article[] = NEWEST_FIRST.map((article) => ({
  ...article,
  related: NEWEST_FIRST.filter((other) => other.category === article.category && other.slug !== article.slug).map(summary),
}))
