"""The Chinese (zh_CN) templates of all messages, one for each code."""

from __future__ import annotations

from desktop.engine.report import ReportCode
from desktop.engine.store import StoreCode
from imaging.dicom.messages import Turned, Value
from imaging.eligibility import Ineligible
from imaging.errors import Code
from imaging.hounsfield import Doubt
from imaging.messages import MessageCode
from model.series_result import SeriesCode

ZH_CN: dict[MessageCode, str] = {
    # imaging.errors
    Code.EMPTY_FILE: "文件为空。",
    Code.UNKNOWN_CONTENT: "内容既不是图片也不是 DICOM 对象。",
    Code.DAMAGED: "文件已损坏或不完整。",
    Code.VANISHED: "文件已不存在。",
    Code.CHANGED_WHILE_READ: "文件在读取时发生变化。",
    Code.NO_PERMISSION: "没有读取权限。",
    Code.CANNOT_READ: "操作系统无法读取。",
    Code.DECODER_DIED: "解码此文件时解码器崩溃。",
    Code.TIME_LIMIT: "解码时间过长，已停止。",
    Code.OUT_OF_MEMORY: "解码所需内存过多，已停止。",
    Code.CLASSIFIER_FAILED: "分类器未给出有效结果。",
    Code.NOT_A_REGULAR_FILE: "不是普通文件。",
    Code.DANGLING_LINK: "指向不存在目标的链接。",
    Code.LINK_LOOP: "指回自身的链接。",
    Code.NOT_A_PICTURE_OBJECT: "不含图像的 DICOM 对象。",
    Code.NOT_SCREENED: "未筛查：在此之前已停止。",
    Code.WRONG_MODALITY: "不是 CT 图像。",
    Code.LOCALISER: "定位像，不是断层图像。",
    Code.OTHER_BODY_PART: "其他部位的 CT。",
    Code.NOT_AXIAL: "不是横断面图像。",
    Code.NOT_ASSESSABLE: "无法评估：与训练用头部图像不相似。",
    Code.BLANK: "无法评估：图像为空白。",
    Code.NO_RESCALE: "CT 缺少 Rescale Slope 和 Intercept (0028,1053/1052)。",
    Code.BAD_RESCALE: "像素值不是 HU 值。",
    Code.INCONSISTENT_HEADER: "文件头与像素数据相互矛盾。",
    Code.TOO_LARGE: "图像超出本程序可读取的大小。",
    Code.UNSUPPORTED_TRANSFER_SYNTAX: "不支持该传输语法。",
    Code.UNSUPPORTED_PIXELS: "不支持该像素格式。",
    Code.REPAIRED: "文件头与像素值矛盾；已按像素值读取。",
    Code.LOSSY: "有损压缩。",
    Code.DUPLICATE_UID: "另有文件具有相同的 SOP Instance UID。",
    Code.TURNED: "已转为标准方向。",
    Code.NO_POSITION: "文件头中没有位置信息。",
    Code.SAME_PLACE: "同一位置有多幅图像。",
    Code.GAPS: "该序列层间距不均匀。",
    Code.TILT: "机架倾斜。",
    Code.COLOUR: "彩色图片，按灰度读取。",
    Code.EXIF_ROTATED: "已按 EXIF 标记旋转。",
    Code.ALPHA: "透明图片，以黑色为底读取。",
    Code.REDUCED_DEPTH: "灰度值已缩放至 8 位。",
    # imaging.hounsfield
    Doubt.NO_AIR: "没有空气：−1000 HU 附近无像素",
    Doubt.AIR_ELSEWHERE: "空气位于 {level:.0f} HU 而不是 −1000",
    Doubt.NO_TISSUE: "没有软组织：体内仅 {share:.1f} % 在 ±150 HU 以内",
    Doubt.TOO_HIGH: "体内 {share:.1f} % 高于 4000 HU",
    Doubt.BRIGHT_BORDER: "图像边缘 {share:.0f} % 高于 300 HU",
    Doubt.TOO_LOW: "图像 {share:.1f} % 低于 −1500 HU",
    # imaging.eligibility
    Ineligible.STRETCHED: "像素长宽比为 {ratio:.3g}",
    # imaging.dicom.messages
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
    Value.LOW_BITS: "HighBit (0028,0102) 为 {said}，而数值位于最低 {bits} 位：已修正",
    # model.series_result
    SeriesCode.SERIES_WITHOUT_RESULT: "{total} 幅中有 {count} 幅没有结果。",
    SeriesCode.SERIES_SCORING: "目前已评估 {done}/{total} 幅；该序列尚无结果。",
    SeriesCode.SERIES_STOPPED: "已评估 {done}/{total} 幅后停止；该序列没有结果。",
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
    ReportCode.ANOTHER_NAME: "{why}可用的其他名称：{other}。",
    # desktop.engine.store
    StoreCode.NOT_KEPT: "尚未写入磁盘，程序结束时将丢失：{reason}。",
    StoreCode.DAMAGED: "{name} 已损坏，未作改动。判读保存到 {other}。",
    StoreCode.NEWER: "{name} 由本程序的更新版本写入，未作改动。判读保存到 {other}。",
}
