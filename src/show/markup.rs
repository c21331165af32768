//! Text inside HTML and SVG.

/// Text with the characters replaced that HTML and SVG would read as their own.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
