using System.Buffers.Binary;

namespace Samepage.Torture.Working;

/// <summary>Bytes that show whether they are whole: a number, and bytes that follow from it and from the length.</summary>
internal static class Payload
{
    public const int Shortest = sizeof(long);

    public static void Fill(Span<byte> bytes, long id)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes, id);
        byte start = Start(id, bytes.Length);
        for (int i = Shortest; i < bytes.Length; i++)
            bytes[i] = (byte)(start + i);
    }

    public static byte[] Of(long id, int length)
    {
        var bytes = new byte[length];
        Fill(bytes, id);
        return bytes;
    }

    /// <summary>The number in them.</summary>
    /// <exception cref="FaultException">They are not what somebody wrote.</exception>
    public static long Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Shortest)
            throw new FaultException($"{bytes.Length} bytes came, which nobody wrote");
        long id = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        byte start = Start(id, bytes.Length);
        for (int i = Shortest; i < bytes.Length; i++)
        {
            if (bytes[i] != (byte)(start + i))
                throw new FaultException($"{id:x} of {bytes.Length} bytes is torn at {i}");
        }
        return id;
    }

    private static byte Start(long id, int length) => (byte)((ulong)(id * 0x9E3779B97F4A7C) >> 40 ^ (uint)length);
}
