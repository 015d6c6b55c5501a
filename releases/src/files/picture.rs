//! A photo made anew: read, turned as the camera was held, written in three sizes without anything but its pixels and
//! its colour space.
//!
//! Gone are place, camera, owner, thumbnails of what was cut off, and bytes after the picture's end. The colour profile
//! stays where it fits the pixels: without it a photo of a telephone pales. Transparency makes a PNG, everything else a
//! JPEG, which every newsroom's system opens. Left out: what a photo shows.

use super::sort::Format;
use crate::Message;
use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::{PngDecoder, PngEncoder};
use image::codecs::webp::WebPDecoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageEncoder, Limits};
use std::io::Cursor;

/// Most pixels of a photo: a camera of 50 megapixels.
pub const MOST_PIXELS: u64 = 50_000_000;
/// Most memory that a decoder may ask for, in bytes.
const MOST_MEMORY: u64 = 512 << 20;
/// Longest side to print, for a page and for a list, in pixels.
pub const SIDES: [u32; 3] = [4_000, 1_200, 400];
/// Quality of the JPEG of each size.
const QUALITY: [u8; 3] = [90, 82, 80];
/// Largest colour profile that is kept, in bytes; those of cameras and telephones have some hundreds.
const LARGEST_PROFILE: usize = 64 << 10;

/// A photo in one size.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scaled {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// A photo made anew.
pub(super) struct Made {
    pub(super) sizes: [Scaled; 3],
    pub(super) is_png: bool,
}

/// Makes the three sizes of a photo, or says why not.
pub(super) fn make(bytes: &[u8], format: Format) -> Result<Made, Message> {
    let broken = |_| Message::new("releases.file.broken");
    if format == Format::Jpeg && !jpeg_has_end(bytes) {
        return Err(Message::new("releases.file.broken"));
    }
    let (picture, profile) = match format {
        Format::Jpeg => read(JpegDecoder::new(Cursor::new(bytes)).map_err(broken)?)?,
        Format::Png => {
            let decoder = PngDecoder::with_limits(Cursor::new(bytes), limits()).map_err(broken)?;
            if decoder.is_apng().map_err(broken)? {
                return Err(Message::new("releases.file.animated"));
            }
            read(decoder)?
        }
        Format::Webp => {
            let decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(broken)?;
            if decoder.has_animation() {
                return Err(Message::new("releases.file.animated"));
            }
            read(decoder)?
        }
    };
    let is_png = is_transparent(&picture);
    let full = if is_png { DynamicImage::ImageRgba8(picture.into_rgba8()) } else { picture.into_rgb8().into() };
    // averaged block by block: a finer filter would take twice the memory of the photo
    let full = if longest(&full) > SIDES[0] { full.thumbnail(SIDES[0], SIDES[0]) } else { full };
    let web = smaller(&full, SIDES[1]);
    let thumb = smaller(&web, SIDES[2]);
    let write = |picture: &DynamicImage, n: usize| write(picture, is_png, QUALITY[n], profile.as_deref());
    Ok(Made { sizes: [write(&full, 0)?, write(&web, 1)?, write(&thumb, 2)?], is_png })
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    limits
}

/// Reads the pixels, turned upright, and the colour profile that fits them. The size is asked before a pixel is read.
fn read<D: ImageDecoder>(mut decoder: D) -> Result<(DynamicImage, Option<Vec<u8>>), Message> {
    let broken = |_| Message::new("releases.file.broken");
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS || decoder.total_bytes() > MOST_MEMORY {
        let size = format!("{width} × {height}");
        return Err(Message::new("releases.file.pixels").with("size", size).with("most", MOST_PIXELS / 1_000_000));
    }
    decoder.set_limits(limits()).map_err(broken)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().ok().flatten().filter(|profile| is_rgb_profile(profile));
    let is_colour = decoder.color_type().has_color();
    let mut picture = DynamicImage::from_decoder(decoder).map_err(broken)?;
    picture.apply_orientation(orientation);
    Ok((picture, profile.filter(|_| is_colour)))
}

/// A profile for pixels in red, green and blue (ICC.1:2022 §7.2: colour space at byte 16, mark at 36).
fn is_rgb_profile(profile: &[u8]) -> bool {
    profile.len() <= LARGEST_PROFILE
        && profile.get(16..20).is_some_and(|space| space == b"RGB ")
        && profile.get(36..40).is_some_and(|mark| mark == b"acsp")
}

fn is_transparent(picture: &DynamicImage) -> bool {
    use image::GenericImageView;
    picture.color().has_alpha() && picture.pixels().any(|(_, _, pixel)| pixel.0[3] < 255)
}

fn longest(picture: &DynamicImage) -> u32 {
    picture.width().max(picture.height())
}

fn smaller(picture: &DynamicImage, side: u32) -> DynamicImage {
    if longest(picture) > side { picture.resize(side, side, FilterType::CatmullRom) } else { picture.clone() }
}

fn write(picture: &DynamicImage, is_png: bool, quality: u8, profile: Option<&[u8]>) -> Result<Scaled, Message> {
    let mut bytes = Vec::new();
    let (width, height) = (picture.width(), picture.height());
    let written = if is_png {
        let encoder = PngEncoder::new(&mut bytes);
        encode(encoder, picture, profile)
    } else {
        encode(JpegEncoder::new_with_quality(&mut bytes, quality), picture, profile)
    };
    written.map_err(|_| Message::new("releases.file.broken"))?;
    Ok(Scaled { bytes, width, height })
}

fn encode<E: ImageEncoder>(mut encoder: E, picture: &DynamicImage, profile: Option<&[u8]>) -> image::ImageResult<()> {
    if let Some(profile) = profile {
        // a format that takes none shows the pixels as sRGB
        let _ = encoder.set_icc_profile(profile.to_vec());
    }
    encoder.write_image(picture.as_bytes(), picture.width(), picture.height(), picture.color().into())
}

/// Whether the picture of a JPEG comes to its end: the mark after its first scan (ITU-T T.81 §B.1.1.3). One that was cut
/// off would be read with a grey lower half.
fn jpeg_has_end(bytes: &[u8]) -> bool {
    let mut at = 2;
    loop {
        let [0xff, mark, high, low] = bytes.get(at..at + 4).unwrap_or_default() else { return false };
        if *mark == 0xff {
            // filling before a mark
            at += 1;
            continue;
        }
        at += 2 + usize::from(u16::from_be_bytes([*high, *low]));
        if *mark == 0xda {
            return bytes.get(at..).is_some_and(|scan| scan.windows(2).any(|pair| pair == [0xff, 0xd9]));
        }
    }
}
