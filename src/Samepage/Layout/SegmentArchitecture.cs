namespace Samepage.Layout;

/// <summary>What <see cref="SegmentHeader.Architecture"/> records of the machine that made an object.</summary>
/// <remarks>
/// <code>
///  bits 0..7   size of a pointer in bytes
///  bits 8..15  1: little-endian, 2: big-endian
///  bits 16..31 bytes that are kept between fields of different writers (cache line, with its prefetched neighbour)
/// </code>
/// </remarks>
internal static class SegmentArchitecture
{
    /// <summary>x86-64 fetches lines in pairs and several arm64 cores have lines of 128 bytes.</summary>
    public const int CacheLine = 128;

    public static uint Current { get; } =
        (uint)nint.Size | (BitConverter.IsLittleEndian ? 1u : 2u) << 8 | (uint)CacheLine << 16;

    public static string Describe(uint value) =>
        $"{(value & 0xFF) * 8}-bit, {(value >> 8 & 0xFF) switch { 1 => "little-endian", 2 => "big-endian", _ => "unknown byte order" }}, lines of {value >> 16} bytes";
}
