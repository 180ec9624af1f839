using System.Buffers.Binary;

namespace Samepage.Torture.Working;

/// <summary>Bytes without bounds between them: the first say whose they are, and each of the others follows from that and from its place.</summary>
internal static class ByteStream
{
    public static void Fill(Span<byte> bytes, long conversation, uint start)
    {
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = At(conversation, start + (uint)i);
    }

    /// <summary>Whose it is, by its first bytes.</summary>
    public static long ConversationOf(ReadOnlySpan<byte> beginning) => beginning.Length >= sizeof(long)
        ? BinaryPrimitives.ReadInt64LittleEndian(beginning)
        : throw new FaultException($"a stream begins with {beginning.Length} bytes, and its writer had written more at once");

    /// <exception cref="FaultException">They are not what belongs there.</exception>
    public static void Check(ReadOnlySpan<byte> bytes, long conversation, uint start)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != At(conversation, start + (uint)i))
                throw new FaultException($"{conversation:x} has another byte at {start + i}");
        }
    }

    private static byte At(long conversation, uint place) => place < sizeof(long)
        ? (byte)(conversation >> (int)(8 * place))
        : (byte)(conversation * 0x9E3779B1 + place * 0x85EBCA77 >> 16);
}
