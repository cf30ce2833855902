"""The Chinese (zh_CN) templates of all messages, one for each code."""

from __future__ import annotations

from desktop.engine.crew import ClusterCode
from desktop.engine.journal import JournalCode
from desktop.engine.report import ReportCode
from desktop.engine.store import StoreCode
from desktop.messages import CardLine, CommandCode, ProgressCode, Summary
from desktop.reasons import SystemCode
from imaging.details import Detail
from imaging.dicom.messages import Turned, Value
from imaging.eligibility import Ineligible
from imaging.errors import Code
from imaging.files.zip_archive import Archived
from imaging.formats.content import Content
from imaging.formats.image_file_hounsfield import Offset
from imaging.formats.nifti import Nifti
from imaging.hounsfield import Doubt
from imaging.input.anatomy import Anatomy
from imaging.input.display_window import Display
from imaging.input.prepare import Sheet
from imaging.messages import MessageCode
from imaging.sandbox.sandbox import SandboxCode
from imaging.stack import VolumeCode
from model.messages import ModelCode, SeriesNote
from model.series_result import SeriesCode

ZH_CN: dict[MessageCode, str] = {
    # desktop.reasons
    SystemCode.DISK_FULL: "磁盘已满",
    SystemCode.NO_PERMISSION: "当前用户在该处没有权限",
    SystemCode.READ_ONLY: "该位置为只读",
    SystemCode.NOT_THERE: "文件或文件夹不存在",
    SystemCode.IN_USE: "正被另一个程序使用",
    SystemCode.NO_HOME: "系统未提供用户主目录（HOME）",
    SystemCode.OTHER: "{said}",
    SystemCode.AT: "{path}：{reason}。",
    SystemCode.NOT_DONE: "未能完成：{reason}。",
    # imaging.errors
    Code.EMPTY_FILE: "文件为空。",
    Code.UNKNOWN_CONTENT: "内容既不是图片也不是 DICOM 对象。",
    Code.DAMAGED: "文件已损坏或不完整。",
    Code.VANISHED: "文件已不存在。",
    Code.CHANGED_WHILE_READ: "文件在读取时发生变化。",
    Code.NO_PERMISSION: "没有读取权限。",
    Code.CANNOT_READ: "无法读取。",
    Code.DECODER_DIED: "解码此文件时解码器崩溃。",
    Code.TIME_LIMIT: "解码时间过长，已停止。",
    Code.OUT_OF_MEMORY: "解码所需内存过多，已停止。",
    Code.CLASSIFIER_FAILED: "模型未给出有效评分。",
    Code.NOT_A_REGULAR_FILE: "不是普通文件。",
    Code.DANGLING_LINK: "指向不存在目标的链接。",
    Code.LINK_LOOP: "指回自身的链接。",
    Code.NOT_AN_IMAGE_OBJECT: "不含图像的 DICOM 对象。",
    Code.COMPANION: "不是图像，而是随图像附带的文件。",
    Code.NOT_SCREENED: "未评估：在此之前已停止。",
    Code.WRONG_MODALITY: "不是原始 CT 图像。",
    Code.LOCALISER: "定位像，未评估。",
    Code.OTHER_BODY_PART: "其他部位的 CT。",
    Code.NOT_AXIAL: "不是横断面图像。",
    Code.NOT_ASSESSABLE: "与训练数据不相似。",
    Code.BLANK: "图像为空白。",
    Code.NO_RESCALE: "CT 缺少 Rescale Slope 和 Intercept (0028,1053/1052)。",
    Code.BAD_RESCALE: "像素值不是 HU 值。",
    Code.INCONSISTENT_HEADER: "文件头与像素数据相互矛盾。",
    Code.TOO_LARGE: "超出本程序可读取的大小。",
    Code.UNSUPPORTED_TRANSFER_SYNTAX: "不支持该传输语法。",
    Code.UNSUPPORTED_PIXELS: "不支持该像素格式。",
    Code.REPAIRED: "文件头与像素值矛盾；已按像素值读取。",
    Code.UNUSUAL_VALUES: "数值对 HU 而言不常见。",
    Code.LOSSY: "有损压缩。",
    Code.DUPLICATE_UID: "另有文件具有相同的 SOP Instance UID。",
    Code.CONFLICTING_UID: "另有文件具有相同的 SOP Instance UID，但像素不同：两者之一有误。",
    Code.CONTRAST: "使用了对比剂。",
    Code.BURNED_IN: "图像中嵌有文字，可能含患者姓名。",
    Code.TURNED: "已转为标准方向。",
    Code.NO_POSITION: "文件头中没有位置信息。",
    Code.SAME_PLACE: "同一位置有多幅图像。",
    Code.GAPS: "该序列层间距不均匀。",
    Code.TILT: "机架倾斜。",
    Code.COLOUR: "彩色图片，按灰度读取。",
    Code.EXIF_ROTATED: "已按 EXIF 标记旋转。",
    Code.ALPHA: "透明图片，以黑色为底读取。",
    Code.HOUNSFIELD_IMAGE: "图片保存完整数值，按 HU 读取。",
    Code.REDUCED_DEPTH: "灰度值已缩放至 8 位。",
    # imaging.files, imaging.formats, imaging.input
    Archived.ELSEWHERE: "其在压缩包内的名称指向别处",
    Archived.TWICE: "压缩包中另有同名文件",
    Archived.ENCRYPTED: "已加密；请先解压",
    Archived.METHOD: "以 {name} 压缩，不受支持；请先解压",
    Archived.FILES: "含 {count} 个文件的 ZIP 压缩包",
    Archived.SPLIT: "分卷压缩包的一部分；请先合并或解压",
    Archived.CUT: "ZIP 压缩包没有结尾",
    Archived.INSIDE: "在压缩包内",
    Content.ZIP: "ZIP 压缩包；请先解压",
    Content.SPLIT_ZIP: "分卷 ZIP 压缩包的一部分；请先合并或解压",
    Content.CD_IMAGE: "光盘映像 (ISO)；请先打开或解压",
    Content.GZIP: "gzip 压缩包；请先解压",
    Content.SEVEN_ZIP: "7z 压缩包；请先解压",
    Content.RAR: "RAR 压缩包；请先解压",
    Content.TAR: "tar 归档；请先解压",
    Content.PDF: "PDF 文档",
    Content.OFFICE: "Office 文档或缩略图列表",
    Content.WEB_PAGE: "网页",
    Content.GIT_LFS: "Git LFS 指针；文件本身未下载",
    Content.ZEROS: "只有零",
    Content.NRRD: "NRRD 体数据",
    Content.META_IMAGE: "MetaImage 体数据 (MHA)",
    Content.NUMPY: "NumPy 数组 (npy)",
    Content.HDF5: "HDF5 或 MINC 文件",
    Content.NETCDF: "NetCDF 或 MINC 文件",
    Content.MATLAB: "MATLAB 文件",
    Content.PARQUET: "Parquet 表格",
    Content.SQLITE: "SQLite 数据库",
    Content.OTHER_ARCHIVE: "其他类型的压缩包；请先解压",
    Content.JPEG_LS: "DICOM 以外的 JPEG-LS 图片",
    Content.RARE_JPEG: "DICOM 之外的无损或 12 位 JPEG 图像",
    Content.NETPBM: "Netpbm 图像（PGM、PPM）",
    Content.JPEG_XL: "JPEG XL 图片",
    Content.PHOTOSHOP: "Photoshop 文件",
    Content.JPEG_XR: "JPEG XR 图片",
    Content.DRAWING: "矢量图 (SVG、PostScript)",
    Content.OPEN_EXR: "OpenEXR 图片",
    Content.ANALYZE: "成对 Analyze 或 NIfTI 的一半；请存为单个 NIfTI 文件",
    Content.HEIC: "HEIC 图片",
    Content.AVIF: "AVIF 图片",
    Content.ICON: "图标",
    Content.VIDEO: "视频",
    Content.PROGRAM: "程序或程序库",
    Content.MAC: "macOS 的附带文件",
    Content.TEXT: "纯文本",
    Offset.UNKNOWN: "可能是加上约 {offset:.0f} 后的 HU 值，且未加窗",
    Nifti.DIMENSIONS: "{count} 维 NIfTI：{shape}",
    Nifti.DATA_TYPE: "NIfTI 数据类型 {name}",
    Nifti.NOT_FINITE: "NIfTI 含有非数字的值",
    Nifti.NO_ORIENTATION: "NIfTI 没有方向信息，按存储方式显示",
    Nifti.AFFINE: "NIfTI 仿射矩阵",
    Display.WIDE_WINDOW: "骨窗，其中无法区分血液与脑组织",
    Sheet.CONTACT_SHEET: "由 {count} 幅图像组成的拼图",
    Sheet.STRIP: "条状图像，长宽比为 {ratio:.3g}",
    Doubt.NO_AIR: "没有空气：−1000 HU 附近无像素",
    Doubt.AIR_ELSEWHERE: "空气位于 {level:.0f} HU 而不是 −1000",
    Doubt.NO_TISSUE: "没有软组织：体内仅 {share:.1f} % 在 ±150 HU 以内",
    Doubt.TOO_HIGH: "体内 {share:.1f} % 高于 4000 HU",
    Doubt.BRIGHT_BORDER: "图像边缘 {share:.0f} % 高于 300 HU",
    Doubt.TOO_LOW: "图像 {share:.1f} % 低于 −1500 HU",
    Doubt.BRAIN_ELSEWHERE: "脑组织位于 {level:.0f} HU 而不是 20 至 45",
    Doubt.SOFT_ELSEWHERE: "软组织位于 {level:.0f} HU 而不是 20 至 50",
    Doubt.NO_SOFT_TISSUE: "体内仅 {share:.0f} % 在 0 至 90 HU 之间",
    Doubt.CLIPPED: "数值在 {low:.0f} 和 {high:.0f} HU 处截断，似经加窗",
    Doubt.STEPS: "数值以 {step:.0f} HU 为步长",
    Doubt.UNEVEN_STEPS: "数值步长不均，平均 {step:.2f} HU，似经窗宽拉伸",
    # imaging.eligibility
    Ineligible.PAGE: "页面：{kind}",
    Ineligible.MAP: "计算图：{kind}",
    Ineligible.PROJECTION: "投影：{kind}",
    Ineligible.SUBTRACTION: "减影：{kind}",
    Ineligible.RENDERING: "三维渲染：{kind}",
    Ineligible.SMALL_FIELD: "仅 {width:.0f} mm 宽",
    Ineligible.STRETCHED: "像素长宽比为 {ratio:.3g}",
    # imaging.input.anatomy
    Anatomy.TOO_LARGE_A_BODY: "身体宽 {width:.0f} mm，面积 {area:.0f} cm²",
    Anatomy.AIR: "{share:.0f} % 为空气或肺",
    Anatomy.NO_SKULL: "周围没有颅骨",
    Anatomy.NO_BRAIN: "颅骨内仅 {share:.0f} % 为脑组织",
    Anatomy.NO_TISSUE: "仅有骨，软组织占 {share:.0f} %",
    # imaging.details
    Detail.ABSENT: "{name}：缺失",
    Detail.NO_ATTRIBUTES: "没有任何属性",
    Detail.NO_PIXEL_DATA: "没有像素数据",
    Detail.NO_GROUPS: "第 {frame} 帧没有功能组",
    Detail.NO_FRAME: "共 {frames} 帧，没有第 {frame} 帧",
    Detail.NO_PAGE: "共 {pages} 页，没有第 {page} 页",
    Detail.NO_SLICE: "共 {slices} 层，没有第 {slice} 层",
    Detail.SECONDARY_CAPTURE: "二次采集图像",
    Detail.CORONAL: "冠状位",
    Detail.SAGITTAL: "矢状位",
    Detail.FRAMES: "{count} 帧",
    Detail.PAGES: "超过 {most} 页",
    Detail.PIXELS: "{columns}×{rows} 像素",
    Detail.MILLION_PIXELS: "超过 {millions:.0f} 百万像素",
    Detail.DEFLATED: "解压后超过 {megabytes} MB",
    Detail.NIFTI: "NIfTI，超过 {megabytes} MB",
    Detail.DEFLATED_CUT_SHORT: "压缩数据不完整",
    Detail.FRAME_CUT_SHORT: "压缩帧不完整",
    Detail.NO_FRAME_HEADER: "压缩帧没有帧头",
    Detail.NO_END: "{kind} 没有结尾",
    Detail.NOT_WHOLE: "{kind} 不完整",
    Detail.CHECKSUM: "PNG 校验和 {name}",
    Detail.SEGMENTS: "RLE 段数为 {count}，应为 {planes}",
    Detail.CUT_PIXEL_DATA: "像素数据只有 {there} 字节，应为 {declared} 字节",
    Detail.OTHER_PIXEL_DATA: "像素数据为 {there} 字节，应为 {expected} 字节",
    Detail.OTHER_LENGTH: "{there} 字节，应为 {needed:.0f} 字节",
    Detail.OTHER_FRAMES: "文件头为 {said} 帧，数据中为 {there} 帧",
    Detail.OTHER_PAGES: "声明 {announced} 帧，文件中为 {there} 帧",
    Detail.OTHER_DECODED: "解码后为 {decoded}，文件头为 {said}",
    Detail.OTHER_COMPRESSED: "压缩数据为 {compressed}，文件头为 {said}",
    Detail.SAMPLES: "{name}：{said}，{samples} 个采样",
    Detail.NOT_FINITE: "像素值不是有限数",
    Detail.VALUES: "像素值从 {low:g} 到 {high:g}",
    Detail.PIXEL_FORMAT: "像素格式 {mode}",
    Detail.RARE_TIFF: "像素格式罕见的 TIFF",
    Detail.ONE_BIT: "1 位",
    Detail.BITS: "{bits} 位",
    Detail.RANGE: "{low:g} 至 {high:g}",
    Detail.NO_WINDOW: "{low:g} 至 {high:g}，未加窗",
    Detail.OFFSET: "偏移 {offset}",
    Detail.ORIENTATION: "方向标记 {turn}",
    Detail.RATIO: "压缩比 {ratio:g}",
    Detail.REPEATED: "{images} 幅中有 {repeated} 幅",
    Detail.DISTANCES: "{least:.1f} 至 {most:.1f} mm",
    Detail.PIPE: "管道",
    Detail.SOCKET: "套接字",
    Detail.DEVICE: "设备",
    Detail.EXIT_CODE: "退出码 {number}",
    # imaging.dicom.messages
    Value.VIRTUAL: "由两种能量计算得出：{kind}",
    Value.OTHER_SYNTAX: "像素不是按传输语法 {said} 存储",
    Turned.MIRRORED: "存储为镜像",
    Turned.UPSIDE_DOWN: "存储为上下颠倒",
    Turned.SIDEWAYS: "存储为侧向",
    Value.RESCALED: (
        "{doubt}；RescaleSlope (0028,1053) {slope:g}，RescaleIntercept (0028,1052) {intercept:g}"
    ),
    Value.FEW_BITS: "BitsStored (0028,0101)：{bits}",
    Value.SIGNED_SAID_UNSIGNED: "有符号数据被标为无符号：已修正",
    Value.UNSIGNED_SAID_SIGNED: "无符号数据被标为有符号：已修正",
    Value.FEWER_BITS: "{bits} 位有符号数据被标为 {said} 位：已修正",
    Value.MORE_BITS: "标记为 {said} 位的 {bits} 位数据：已修正",
    Value.PADDING: "图像周围的填充值为 {level} HU，按空气读取",
    Value.LOW_BITS: "HighBit (0028,0102) 为 {said}，而数值位于最低 {bits} 位：已修正",
    # model.messages
    ModelCode.NO_CARD: "模型文件中没有 Cranioscope 说明卡。",
    ModelCode.CARD_DAMAGED: "模型文件的说明卡已损坏。",
    ModelCode.CARD_FIELD: "模型文件的说明卡已损坏：{detail}",
    ModelCode.CARD_CHANGED: "模型文件的说明卡在导出后被更改：校验和不符。",
    ModelCode.CARD_VERSION: "模型文件的说明卡版本为 {found}；本程序最高读取版本 {known}。",
    ModelCode.KNOWN_ANSWER_DAMAGED: "说明卡的已知答案输入已损坏。",
    ModelCode.KNOWN_ANSWER_SIZE: "说明卡的已知答案输入与其处理方案大小不符。",
    ModelCode.KNOWN_ANSWER_LOOSE: "说明卡的已知答案毫无意义：其容差不是一个小数值。",
    ModelCode.CARD_TOO_LONG: "模型文件的说明卡过长，不像任何训练所生成。",
    ModelCode.BAD_NAME: "说明卡的名称或发现无法显示。",
    ModelCode.POINT_TWICE: "说明卡中有重复的工作点。",
    ModelCode.NO_DEFAULT_POINT: "说明卡没有默认工作点。",
    ModelCode.THRESHOLD_RANGE: "说明卡中有阈值超出 0 至 1。",
    ModelCode.BAD_TEMPERATURE: "说明卡的温度超出 0.001 至 1000。",
    ModelCode.BAD_INTERCEPT: "说明卡的截距不是数值。",
    ModelCode.BAD_NOVELTY_CUT: "说明卡的新异度界限不是正数。",
    ModelCode.OUT_OF_FOLD_COUNT: "说明卡的折外标签与 logit 数量不一致。",
    ModelCode.OUT_OF_FOLD_LABELS: "说明卡的折外标签不是 0 和 1。",
    ModelCode.OUT_OF_FOLD_LOGITS: "说明卡的折外 logit 并非全部有限。",
    ModelCode.USED_DAMAGED: "说明卡中的所用图像列表已损坏。",
    ModelCode.NEGATIVE_COUNTS: "说明卡中的图像计数为负数。",
    ModelCode.NO_ONNX: "该文件不是 ONNX 模型。",
    ModelCode.MODEL_DAMAGED: "模型文件已损坏或不完整。",
    ModelCode.TWO_GRAPHS: "模型文件含有两个计算图。",
    ModelCode.SAID_TWICE: "模型文件中有重复内容。",
    ModelCode.FUNCTIONS: "模型文件含有函数或训练步骤。",
    ModelCode.SPARSE: "模型文件含有稀疏权重。",
    ModelCode.LOOPS: "模型文件含有循环或分支。",
    ModelCode.EXTERNAL_DATA: "模型文件将数据存放在其他文件中。",
    ModelCode.FOREIGN_OPERATOR: "模型文件需要本程序没有的算子。",
    ModelCode.NO_TENSOR: "模型文件的某个输入或输出不是张量。",
    ModelCode.NO_SHAPE: "模型文件的某个输入或输出没有形状。",
    ModelCode.WRONG_INPUT: "模型文件的输入不是名为 scan 的 uint8 [N, {shape}]。",
    ModelCode.WRONG_OUTPUTS: "模型文件的输出与约定不符。",
    ModelCode.WRONG_OUTPUT: "模型文件的输出 {name} 类型或形状不符。",
    ModelCode.GRAPH_TOO_LONG: "模型文件的组成部分多于本程序的任何网络。",
    ModelCode.GRAPH_SIZE: "模型文件可能需要过多内存，或无法确定需要多少（{detail}）。",
    ModelCode.NO_MODEL_FILE: "没有模型文件 {name}。",
    ModelCode.MODEL_UNREADABLE: "无法读取模型文件 {name}。",
    ModelCode.MODEL_NOT_REGULAR: "模型文件不是普通文件。",
    ModelCode.MODEL_TOO_LARGE: "模型文件大于 200 MB。",
    ModelCode.MODEL_UNEXPECTED: "模型文件不是预期的文件。",
    ModelCode.NOT_BUILT_IN: "非内置模型：其结果由该模型的作者负责，SHA-256 {sha256}。",
    ModelCode.NOT_OPENED: "模型未能打开：{why}",
    ModelCode.NOT_SHIPPED: "程序未附带模型；请指定模型文件。",
    ModelCode.DOES_NOT_RUN: "模型文件无法在 {device} 上运行。",
    ModelCode.OTHER_ANSWER: "模型文件在 {device} 上给出的结果与其说明卡不一致。",
    ModelCode.SESSION_FAILED: "模型运行失败。",
    ModelCode.NO_HEAT_MAP: "模型未给出有效的热力图。",
    ModelCode.CPU_AS_ASKED: "按要求在 CPU 上运行。",
    ModelCode.CUDA_IN_USE: "使用 CUDA 在 GPU 上运行。",
    ModelCode.CUDA_REFUSED: "要求使用 CUDA，但{why}；改在 CPU 上运行。",
    ModelCode.CPU_BECAUSE: "在 CPU 上运行：{why}。",
    ModelCode.CPU_INSTEAD: "{why}改在 CPU 上运行。",
    ModelCode.CUDA_LOST: "CUDA 在运行中失败；此后在 CPU 上运行。",
    ModelCode.NO_CUDA: "此安装不含 CUDA",
    ModelCode.CUDA_DOES_NOT_START: "CUDA 无法在此计算机上启动",
    ModelCode.CUDA_LIBRARIES: "CUDA 的库或驱动缺失或过旧",
    ModelCode.ON_CPU: "CPU",
    ModelCode.ON_CUDA: "CUDA",
    # model.messages: a series
    SeriesNote.SERIES_THRESHOLD: (
        "已评估 {images} 幅图像。至少 {counted} 幅评分 ≥ {threshold:.2f} % 时，该序列被标记。"
    ),
    SeriesNote.SERIES_THRESHOLD_OF_IMAGES: (
        "已评估 {images} 幅图像。至少 {counted} 幅评分 ≥ {threshold:.2f} %（即单幅图像阈值）时，"
        "该序列被标记。"
    ),
    SeriesNote.ONE_IMAGE: "只有一幅已评估图像的序列，按该图像评定。",
    SeriesNote.SHARE_KEPT: (
        "在图像数相同的阴性序列中，预计至多 {share:.0f} % 会被标记，前提是其图像与验证图像相似。"
    ),
    SeriesNote.TOO_FEW_NEGATIVES: (
        "阴性图像太少，无法判断阴性序列中是否至多 {share:.0f} % 会被标记：只有 {there} 幅，"
        "需要 {needed} 幅。"
    ),
    SeriesNote.ABOVE_ALL_NEGATIVES: (
        "阴性图像太少，无法判断阴性序列中是否至多 {share:.0f} % 会被标记：只有 {there} 幅，"
        "需要 {needed} 幅；该阈值略高于其中的最高值。"
    ),
    SeriesNote.FALSE_ALARMS: (
        "预计误报：至多为阴性序列的 {share:.1f} %（95 % CI {low:.1f}–{high:.1f}；"
        "{negatives} 幅验证集阴性图像中有 {reached} 幅达到该阈值）。"
    ),
    SeriesNote.COST: (
        "单幅阳性验证图像中，达到该阈值的为 {share}。这些图像也用于选择模型，因此偏乐观。"
    ),
    SeriesNote.COST_UNKNOWN: "单幅阳性图像中有多少会达到该阈值，尚不清楚。",
    SeriesNote.RULE_OF_IMAGES: (
        "序列的评分是每 {one_in} 幅已评估图像中有一幅达到的概率：不超过 {one_in} 幅时取最高值，"
        "不超过 {twice} 幅时取第二高值，依此类推。"
        "其阈值是根据折外阴性图像、无论序列内图像多么相似，"
        "预计至多 {share:.0f} % 的阴性序列会达到的最低值；且不低于单幅图像阈值。"
        "只有一幅已评估图像的序列按该图像评定。"
    ),
    SeriesNote.NO_SUCH_IMAGES: "未知（没有此类图像）",
    SeriesNote.NO_LABELLED_SERIES: (
        "此规则未使用带标注的序列：阳性序列中有多少会被标记，尚不清楚。"
    ),
    SeriesNote.HEAD_THRESHOLD: (
        "该序列自身的概率由其 {images} 幅已评估图像共同得出，≥ {threshold:.1f} % 时该序列被标记。"
        "单幅图像阈值对此没有影响。"
    ),
    SeriesNote.HEAD_EVIDENCE: "按检查计：灵敏度 {sensitivity}，特异度 {specificity}。",
    SeriesNote.HEAD_SOURCES: (
        "来自 {count} 例检查（{sources}），其医院的数据参与过训练；每例评分时均未使用该患者。"
        "若曾依据这些检查作出选择，则上述数字偏乐观。"
        "CI 不反映重新训练会带来的差异。"
        "在未提供数据的医院表现如何尚不清楚。"
    ),
    SeriesNote.HEAD_REPEAT: (
        "重复训练得到的数字不同：{count} 例检查，灵敏度 {sensitivity}，特异度 {specificity}。"
        "请以较差者为准。"
    ),
    SeriesNote.HEAD_FULL_PRECISION: "以全精度模型测得，而非以正在使用的 INT8 模型测得。",
    SeriesNote.HEAD_BALANCE: "该概率假定半数序列为阳性。",
    SeriesNote.SLICE_IN_CONTEXT: "该层结合邻近层面的评分：{score}（阈值 {threshold}）。",
    SeriesNote.SLICE_CONTEXT: (
        "由该层及其周围各层的评分得出，越近的层权重越大。"
        "它不标记任何层，也不取消任何标记。序列的结果与之无关。"
    ),
    SeriesNote.SLICE_EVIDENCE: (
        "按层计（{examinations} 例检查，评分和阈值均未使用该患者）："
        "灵敏度 {sensitivity}，特异度 {specificity}。"
        "CI 以检查而非层面为独立单位。"
    ),
    SeriesNote.NETWORKS_ALIKE: (
        "以训练方式相同的其他网络测得（{sources}），而非以正在使用的网络测得；后者未经测量，表现可能更差。"
        "若曾依据这些检查作出选择，则上述数字偏乐观。"
    ),
    SeriesNote.ALIKE_FULL_PRECISION: "这些网络为全精度，正在使用的是 INT8 模型。",
    SeriesNote.SLICE_BALANCE: "结合邻近层面的评分假定半数层面为阳性。",
    SeriesNote.SERIES_ALONE: "该序列整体被标记，但其 {total} 幅图像均未被标记。",
    SeriesNote.IMAGES_ALONE: "其 {total} 幅图像中有 {flagged} 幅被标记，但序列整体未被标记。",
    SeriesNote.IMAGES_UNREADABLE: "其中 {count} 幅图像无法读取，因此该序列不称为未标记。",
    SeriesNote.NO_SERIES_HEAD: "该模型没有序列级输出，因此采用单幅图像规则。",
    SeriesNote.TOO_FEW_FOR_HEAD: (
        "已评估图像少于 {least} 幅，该序列没有自身的概率，因此采用单幅图像规则。"
    ),
    # model.series_result
    SeriesCode.SERIES_WITHOUT_RESULT: "{total} 幅中有 {count} 幅没有结果。",
    SeriesCode.SERIES_SCORING: "目前已评估 {done}/{total} 幅；该序列尚无结果。",
    SeriesCode.SERIES_STOPPED: "已评估 {done}/{total} 幅后停止；该序列没有结果。",
    SeriesCode.NOT_CLAIMED: "该模型不是为评估此类序列而制作的：各图像有结果，序列没有结果。",
    SeriesCode.PATIENTS_UNIDENTIFIED: "无法确认这些图像属于同一患者，因此没有序列结果。",
    SeriesCode.TAKEN_FOR_ONE: "视为同一患者：同一文件夹中 {total} 幅图像尺寸相同且编号连续。"
    "文件中没有患者信息。",
    # desktop.engine.crew, desktop.engine.journal
    ClusterCode.NO_RAY: "未安装 Ray：pip install 'cranioscope[cluster]'。",
    ClusterCode.NO_CLUSTER: "{address} 处没有 Ray 集群响应：{reason}。",
    ClusterCode.NO_CORES: "Ray 集群没有处理器核心。",
    ClusterCode.NO_WORKERS: "集群中没有可继续的工作进程：{reason}。",
    ClusterCode.NO_MACHINES: "集群中已有 {minutes:.0f} 分钟没有任何机器可以工作。",
    JournalCode.FOREIGN: "{name} 已存在，且不是本程序的日志。",
    JournalCode.CANNOT_WRITE: "无法写入日志 {name}：{reason}。",
    # desktop.messages
    CommandCode.STOPPED: "已停止。",
    CommandCode.GROUPED: (
        "已按文件名分组（{pattern}）：{groups} 个序列；{without} 幅图像不属于任何组，没有序列结果。"
    ),
    CommandCode.COULD_GROUP: (
        "部分图像未注明所属患者。若文件名可以区分，"
        "--group-by-name '{pattern}' 会为每位患者建立一个序列。"
    ),
    CommandCode.NOTHING_WRITTEN: "已停止，未写入任何内容。",
    CommandCode.UNEXPECTED: "程序意外结束（{error}）。位置见日志。",
    CommandCode.NO_SAMPLES: "无法写入示例图像：{reason}。",
    CommandCode.NO_SUCH_PATH: "{path} 不存在。",
    CommandCode.NO_FILES: "未找到文件。",
    CommandCode.OVERWRITE: "{refusal}使用 --overwrite 可替换。",
    CommandCode.BROKEN_OFF: "已中断。{reason}",
    CommandCode.CLUSTER: "由 {machines} 台机器上的 {workers} 个工作进程评估。",
    CommandCode.KNOWN: "{count} 幅图像的结果取自日志 {name}。",
    CommandCode.RESCUED: "表格保存在 {path}。",
    CommandCode.NO_OUTPUT: "无法写出结果：{reason}。",
    CommandCode.WRITTEN: "已写入：{images}、{series}、{sidecar}",
    CommandCode.RESEARCH_USE: "仅供研究使用。仅作提示，不得用于首要诊断。",
    # desktop.messages: the end of a run
    Summary.IMAGE: "图像",
    Summary.SERIES: "序列",
    Summary.SCORE: "评分",
    Summary.RESULT: "结果",
    Summary.STATUS: "状态",
    Summary.REASON: "原因",
    Summary.FLAGGED: "已标记",
    Summary.RULE: "规则",
    Summary.IS_FLAGGED: "已标记",
    Summary.IS_UNCERTAIN: "不确定",
    Summary.IS_NOT_FLAGGED: "未标记",
    Summary.IS_BOTH: "已标记，不确定",
    Summary.AS_A_WHOLE: "整体已标记",
    Summary.SLICES_ONLY: "不确定，仅切片",
    Summary.NOT_ASSESSABLE: "无法评估",
    Summary.NO_RESULT: "没有结果",
    Summary.FLAGGED_OF: "{flagged}/{assessed}",
    Summary.OK: "完成",
    Summary.WARNING: "警告",
    Summary.REFUSED: "无法评估",
    Summary.FAILED: "失败",
    Summary.SKIPPED: "跳过",
    Summary.COUNT_OF: "{state} {count} 幅",
    Summary.AND: "{before}，{last}",
    Summary.NO_IMAGES: "无",
    Summary.MORE_SCORED: "……另有 {count} 幅有评分",
    Summary.MORE_WITHOUT: "……另有 {count} 幅没有评分",
    Summary.MORE_SERIES: "……另有 {count} 个序列",
    Summary.IMAGES: "{files} 个文件中的 {images} 幅图像：{states}。",
    Summary.STOPPED: "提前停止：其余未评估。",
    Summary.IMAGES_FLAGGED: (
        "{total} 幅已评估图像中有 {count} 幅被标记（评分 ≥ {threshold:.1f} %）。"
    ),
    Summary.VALIDATION: (
        "验证图像在此阈值下：灵敏度 {sensitivity}，特异度 {specificity}。"
        "它们也用于选择模型和阈值，因此偏乐观。"
    ),
    Summary.TEST: (
        "内部测试图像在默认阈值下：灵敏度 {sensitivity}，特异度 {specificity}。"
        "此前的模型也可能在这些图像上测试过。"
    ),
    # desktop.messages: the card
    CardLine.MODEL: "{title}，SHA-256 {sha256}",
    CardLine.FINDING: "发现：{name}",
    CardLine.INTENDED_USE: "预期用途：{text}",
    CardLine.LICENCE: "数据许可证：{text}",
    CardLine.DATA: "训练数据：{source}",
    CardLine.CALIBRATION: "温度 {temperature:.4g}，截距 {intercept:.4g}",
    CardLine.NOVELTY: "新异度高于 {cut:.4g} 时无法评估。{rule}",
    CardLine.POINT: "工作点 {name}，{threshold:.4f}：{rule}",
    CardLine.OUT_OF_FOLD: (
        "    验证图像（n = {total}；也用于选择，因此偏乐观）："
        "灵敏度 {sensitivity}，特异度 {specificity}"
    ),
    CardLine.SERIES_HEAD: "序列级输出，用于至少有 {least} 幅已评估图像的序列",
    CardLine.SERIES_POINT: "序列的工作点 {name}，{threshold:.4f}：{rule}",
    CardLine.SERIES_EVIDENCE: "    {evidence}{sources}",
    CardLine.SERIES_FITTED: (
        "    在用于拟合的 {total} 例检查上（因此偏乐观）："
        "灵敏度 {sensitivity}，特异度 {specificity}"
    ),
    CardLine.SLICE_POINT: "层面结合邻近层面的评分的工作点 {name}，{threshold:.4f}：{rule}",
    CardLine.SLICE_EVIDENCE: (
        "    {examinations} 例检查的 {total} 层，每层评分时均未使用该患者，CI 按检查计算："
        "灵敏度 {sensitivity}，特异度 {specificity}"
    ),
    CardLine.AREA: "{auc:.3f}（95 % CI {low:.3f}–{high:.3f}）",
    CardLine.AREA_ALONE: "{auc:.3f}（本卡片未记录 CI）",
    CardLine.POOLED: (
        "交叉验证，{networks} 个网络合并，阈值 {threshold:.4f}："
        "AUC {auc}，灵敏度 {sensitivity}，特异度 {specificity}。{note}"
    ),
    CardLine.TEST: (
        "内部测试（{total} 幅图像），默认阈值：灵敏度 {sensitivity}，特异度 {specificity}。{note}"
    ),
    CardLine.CHECKS: "生成文件时的测量结果；logit、概率、新异度和热力图为最大差异：",
    CardLine.CHECKED: "    {name}：{value:.3g}",
    # desktop.messages: progress
    ProgressCode.HEADERS: "已读取文件头 {done}/{files}",
    ProgressCode.IMAGES: "已完成图像 {done}/{found}",
    ProgressCode.IMAGES_LEFT: "已完成图像 {done}/{found}，剩余 {seconds:.0f} 秒",
    # desktop.engine.report
    ReportCode.NO_NAME: "{path} 是文件夹。",
    ReportCode.ONE_FILE: "{name} 被指定用于两个表格：请另取名称。",
    ReportCode.NO_FOLDER: "无法写入 {name}：其文件夹不存在。",
    ReportCode.IN_USE: "无法写入 {name}：它已在其他程序（如 Excel）中打开，或该文件夹不可写。",
    ReportCode.DISK_FULL: "无法写入 {name}：磁盘已满。原有内容未受影响。",
    ReportCode.FOLDER: "无法写入 {name}：它是文件夹。",
    ReportCode.CANNOT_WRITE: "无法写入 {name}：{reason}。",
    ReportCode.INPUT: "未替换 {name}：它是已打开的文件之一。",
    ReportCode.SPECIAL: "未写入 {name}：它是设备、管道或套接字。",
    ReportCode.FOREIGN: "{name} 已存在，且不是由本程序写入的。",
    ReportCode.LINK: "{name} 是链接：将会替换其他位置的文件。",
    ReportCode.NO_PYARROW: "未安装 pyarrow：pip install 'cranioscope[cluster]'。",
    ReportCode.ANOTHER_NAME: "{why}可用的其他名称：{other}。",
    # desktop.engine.store
    StoreCode.NOT_KEPT: "尚未写入磁盘，程序结束时将丢失：{reason}。",
    StoreCode.DAMAGED: "{name} 已损坏，未作改动。判读保存到 {other}。",
    StoreCode.NEWER: "{name} 由本程序的更新版本写入，未作改动。判读保存到 {other}。",
    # imaging.sandbox
    SandboxCode.NO_PROCESS: "无法启动读取文件的进程：{reason}。",
    SandboxCode.NO_LOCKS: "无法启动读取文件的进程：{reason}。需要可写的 /dev/shm。",
    # imaging.stack
    VolumeCode.TOO_FEW: "重建平面至少需要 {least} 层；该序列有 {count} 层。",
    VolumeCode.NOT_CT: "只能由具有 HU 值的 CT 层面重建平面。",
    VolumeCode.MIXED_SERIES: "这些图像属于多个序列。",
    VolumeCode.MIXED_SIZES: "各层的大小或像素间距不同。",
    VolumeCode.MIXED_ORIENTATION: "各层的方向不同。",
    VolumeCode.MIXED_FRAMES: "各层的坐标参考系不同。",
    VolumeCode.NO_GEOMETRY: "{of} 层中有 {count} 层缺少位置、方向或像素间距。",
    VolumeCode.NOT_AXIAL: "只能由横断面层面重建平面。",
    VolumeCode.SAME_PLACE: "同一位置有多个层面。",
    VolumeCode.GAP: "缺少层面：相邻两层相距 {distance:.1f} mm。",
    VolumeCode.LEANING: "层面位置与其方向相互矛盾。",
    VolumeCode.TILT_NOT_IN_POSITIONS: "文件头给出 {degrees:.1f}° 的机架倾斜，但层面位置未体现。",
    VolumeCode.TOO_LARGE: "该序列过大，无法重建平面：{count} 层。",
    VolumeCode.SLICE_FAILED: "有一层无法读取：{reason}",
    VolumeCode.CHANGED: "打开文件夹后有文件发生变化。",
}
