import { dialogue, overBed, speak } from './audio/speech.ts'
import type { PieceId } from './audio/pieces.ts'
import type { Stereo } from './audio/sound.ts'
import { sentencesOf, STORIES } from './news.ts'
import { excerpt, piece } from './scenes/film.ts'

/** One radio file: where it lies under `media/`, its embedded title and genre, and how it sounds. */
export type Recording = { readonly file: string; readonly title: string; readonly genre: string; readonly build: () => Stereo }

const music = (file: string, title: string, id: PieceId, genre = 'nhac-khong-loi'): Recording => ({
  file,
  title,
  genre,
  build: () => piece(id),
})

/** Reads headline and lead of every article that belongs to the programme: what is heard is what the page beside the player shows. */
const bulletin = (
  programme: string,
  file: string,
  title: string,
  words: { readonly hello: string; readonly goodbye: string; readonly bed: PieceId; readonly first: 'ha' | 'trung' },
): Recording => ({
  file,
  title,
  genre: 'ban-tin',
  build: () => {
    const stories = STORIES.filter((s) => s.programme === programme && (s.language ?? 'vi') === 'vi')
    if (stories.length === 0)
      throw new Error(`schedules/news: no article belongs to programme "${programme}", so ${file} has nothing to read`)
    const other = words.first === 'ha' ? 'trung' : 'ha'
    const turns = stories.map((s, i) => [i % 2 ? other : words.first, sentencesOf(s)] as const)
    return overBed(dialogue([[words.first, [words.hello, '']], ...turns, [words.first, [words.goodbye]]]), piece(words.bed), {
      leadSeconds: 3.5,
      tailSeconds: 4,
    }).sound
  },
})

const reading = (file: string, title: string, genre: string, bed: PieceId, turns: Parameters<typeof dialogue>[0]): Recording => ({
  file,
  title,
  genre,
  build: () => overBed(dialogue(turns), piece(bed), { leadSeconds: 4, tailSeconds: 5 }).sound,
})

export const RECORDINGS: readonly Recording[] = [
  bulletin('thoi-su-buoi-toi', 'thoi-su-buoi-toi/thoi-su-buoi-toi.ogg', 'Thời sự buổi tối', {
    hello: 'Đây là Sóng Núi, FM 98 phẩy 6. Kính chào quý vị và các bạn, mời quý vị nghe Thời sự buổi tối.',
    goodbye: 'Thời sự buổi tối đến đây là hết. Xin cảm ơn quý vị đã lắng nghe.',
    bed: 'nenChieu',
    first: 'ha',
  }),
  bulletin('ban-tin-sang', 'ban-tin-sang/ban-tin-sang.ogg', 'Bản tin sáng', {
    hello: 'Chào buổi sáng. Đây là bản tin sáng của Sóng Núi.',
    goodbye: 'Bản tin sáng đã hết. Chúc quý vị một ngày an lành.',
    bed: 'nenSang',
    first: 'trung',
  }),
  bulletin('ban-tin-trua', 'ban-tin-trua/ban-tin-trua.ogg', 'Bản tin trưa', {
    hello: 'Mười hai giờ trưa, mời quý vị nghe bản tin trưa của Sóng Núi.',
    goodbye: 'Bản tin trưa đến đây là hết. Chúc quý vị ngon miệng.',
    bed: 'nenSang',
    first: 'ha',
  }),
  {
    file: 'chao-ngay-moi/chao-ngay-moi.ogg',
    title: 'Chào ngày mới',
    genre: 'loi-chao',
    build: () =>
      overBed(
        speak('ha', [
          'Sóng Núi chào ngày mới.',
          'Gà đã gáy dưới sàn, sương đang tan trên suối Nậm Sương.',
          'Ai đi nương nhớ mang áo ấm, ai đi chợ nhớ mang gùi.',
          'Chúc các em nhỏ một buổi học vui, chúc bà con một ngày thuận nắng thuận gió.',
        ]),
        piece('nuong'),
        { leadSeconds: 5, tailSeconds: 9 },
      ).sound,
  },
  reading('gio-tan-tam/duong-ve-nha.ogg', 'Giờ tan tầm: đường về nhà', 'giao-thong', 'nenSang', [
    [
      'trung',
      [
        'Giờ tan tầm, mời các bạn nghe tình hình đường về nhà.',
        'Đèo Khau Mây khô ráo, tầm nhìn tốt tới sáu giờ chiều, sau đó sương xuống nhanh.',
      ],
    ],
    [
      'ha',
      [
        'Đường Hoa Ban đông xe trước cổng trường, xin đi chậm và nhường học sinh sang đường.',
        'Cầu treo Nà Sương qua lại bình thường, xe máy theo hiệu của người trực.',
      ],
    ],
    ['trung', ['Chuyến xe cuối đi Co Ban rời bến lúc năm giờ rưỡi.', 'Chúc các bạn về tới nhà an toàn.']],
  ]),
  reading('bac-si-o-ban/ho-keo-dai-o-tre.ogg', 'Bác sĩ ở bản: ho kéo dài ở trẻ nhỏ', 'suc-khoe', 'nenChieu', [
    ['ha', ['Bác sĩ ở bản xin chào bà con.', 'Thưa bác sĩ, trẻ ho mãi không dứt thì khi nào phải đi khám?']],
    [
      'trung',
      [
        'Phần lớn cơn ho sau cảm lạnh hết trong hai tuần.',
        'Nhưng nếu trẻ thở nhanh, bỏ bú, sốt cao, môi tím, thì phải đưa tới trạm ngay, đừng chờ sáng.',
      ],
    ],
    ['ha', ['Ở nhà thì nên làm gì, thưa bác sĩ?']],
    [
      'trung',
      [
        'Cho uống nước ấm từng ít một, nhỏ mũi nước muối, giữ ấm cổ và bàn chân.',
        'Đừng đun bếp khói trong gian có trẻ ngủ, và đừng tự mua kháng sinh.',
      ],
    ],
    ['ha', ['Trạm y tế phường có người trực cả đêm. Hẹn gặp bà con tuần sau.']],
  ]),
  reading('doc-truyen/nguoi-di-qua-mua-mang-ky-1.ogg', 'Đọc truyện: Người đi qua mùa măng, kỳ 1', 'doc-truyen', 'nenDem', [
    [
      'trung',
      [
        'Người đi qua mùa măng. Kỳ một.',
        '',
        'Mưa đầu mùa rơi ba ngày thì măng đội đất lên.',
        'Bà cụ Pâng dậy từ lúc chưa nhìn rõ bàn tay, xách dao, xách gùi, đi về phía khe Nậm Pục.',
        'Ở đầu dốc, bà gặp một người lạ ngồi co ro dưới gốc trám.',
        'Anh ta hỏi đường xuống phố. Bà không chỉ, bà đưa cho anh ta cái gùi.',
        'Đường xuống phố đi qua rừng măng, bà nói. Anh đi với tôi, gùi đầy thì tới phố.',
        'Người lạ cười, khoác gùi lên vai.',
        'Anh không biết rằng buổi sáng hôm ấy sẽ dài hơn mọi buổi sáng anh từng sống.',
        '',
        'Mời các bạn nghe tiếp vào giờ này ngày mai.',
      ],
    ],
  ]),
  reading(
    'cau-chuyen-truyen-thanh/tieng-chuong-tren-nuong.ogg',
    'Câu chuyện truyền thanh: Tiếng chuông trên nương',
    'kich',
    'nenDem',
    [
      ['ha', ['Tiếng chuông trên nương.', '', 'Bố ơi, con trâu mộng nhà mình đâu rồi?']],
      ['trung', ['Nghe đi con. Chuông nó kêu ở phía khe.']],
      ['ha', ['Con chỉ nghe tiếng suối.']],
      ['trung', ['Suối kêu đều. Chuông kêu lúc nó cúi xuống ăn. Con đếm đi, ba tiếng rồi nghỉ.']],
      ['ha', ['Một, hai, ba. Con nghe thấy rồi! Nhưng còn một chuông nữa, nhỏ hơn.']],
      ['trung', ['Thế thì đêm qua nhà mình có thêm một con nghé.']],
    ],
  ),
  music('dan-ca/nhac-khong-loi/suoi-dau-nguon.opus', 'Suối đầu nguồn', 'suoi'),
  music('dan-ca/nhac-hoi/vong-xoe.mp3', 'Vòng xoè', 'xoe', 'nhac-hoi'),
  music('dan-ca/nhac-khong-loi/ben-nuoc-chieu.m4a', 'Bến nước chiều', 'ben'),
  music('dan-ca/nhac-hoi/duong-len-nuong.opus', 'Đường lên nương', 'nuong', 'nhac-hoi'),
  music('dan-ca/nhac-khong-loi/ru-mua-ngo-non.opus', 'Ru mùa ngô non', 'ru'),
  music('tieng-sao-goi-ban/nhac-khong-loi/tieng-sao-goi-ban.opus', 'Tiếng sáo gọi bạn', 'goi'),
  music('tieng-khen-nui/nhac-hoi/khen-tren-doc.opus', 'Khèn trên dốc', 'khen', 'nhac-hoi'),
  music('dem-mien-suong/nhac-khong-loi/dem-mien-suong.opus', 'Đêm miền sương', 'dem'),
  music('nen-phat-thanh/nen-buoi-som.opus', 'Nhạc nền buổi sớm', 'nenSang', 'nhac-nen'),
  music('nen-phat-thanh/nen-chieu.opus', 'Nhạc nền chiều', 'nenChieu', 'nhac-nen'),
  music('nen-phat-thanh/nen-dem.opus', 'Nhạc nền đêm', 'nenDem', 'nhac-nen'),
  { file: 'nhac-hieu/song-nui.flac', title: 'Nhạc hiệu Sóng Núi', genre: 'nhac-hieu', build: () => excerpt('hieu', 7) },
  { file: 'nhac-hieu/tieng-ban.mp3', title: 'Nhạc hiệu Tiếng Bản', genre: 'nhac-hieu', build: () => excerpt('khen', 9) },
]
