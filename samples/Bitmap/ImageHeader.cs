using System.Buffers.Binary;

namespace Bitmap;

/// <summary>What the first bytes of an image file say.</summary>
internal static class ImageHeader
{
    public const int MostBytes = 26;

    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    public static string Describe(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith("BM"u8) && file.Length >= MostBytes)
        {
            // The oldest header has 12 bytes and sizes of 16 bits; a negative height means that the rows go from top to bottom.
            return BinaryPrimitives.ReadInt32LittleEndian(file[14..]) == 12
                ? $"BMP of {BinaryPrimitives.ReadUInt16LittleEndian(file[18..])} x {BinaryPrimitives.ReadUInt16LittleEndian(file[20..])}"
                : $"BMP of {BinaryPrimitives.ReadInt32LittleEndian(file[18..])} x {Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(file[22..]))}";
        }
        return file.StartsWith(PngSignature) && file.Length >= MostBytes
            ? $"PNG of {BinaryPrimitives.ReadUInt32BigEndian(file[16..])} x {BinaryPrimitives.ReadUInt32BigEndian(file[20..])}"
            : "neither BMP nor PNG";
    }
}
