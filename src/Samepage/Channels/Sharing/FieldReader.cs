using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Samepage.Channels;

/// <summary>Fields one behind the other, which another process wrote: none leads beyond the end.</summary>
/// <param name="bytes">The fields.</param>
/// <param name="channel">Of which they are.</param>
internal ref struct FieldReader(ReadOnlySpan<byte> bytes, string channel)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public ulong Number() => BinaryPrimitives.ReadUInt64LittleEndian(Next(sizeof(ulong)));

    public string Text() => new(MemoryMarshal.Cast<byte, char>(Bytes()));

    public ReadOnlySpan<byte> Bytes()
    {
        ulong length = Number();
        return length <= (ulong)_rest.Length ? Next((int)length) : throw Damaged();
    }

    private ReadOnlySpan<byte> Next(int length)
    {
        if (length > _rest.Length)
            throw Damaged();
        ReadOnlySpan<byte> next = _rest[..length];
        _rest = _rest[length..];
        return next;
    }

    private readonly SharedObjectException Damaged() => ChannelErrors.Corrupt(channel, "its value ends within a field");
}

/// <summary>Writes what <see cref="FieldReader"/> reads.</summary>
internal static class FieldWriter
{
    public static void Number(this ArrayBufferWriter<byte> writer, ulong number)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(writer.GetSpan(sizeof(ulong)), number);
        writer.Advance(sizeof(ulong));
    }

    public static void Text(this ArrayBufferWriter<byte> writer, string text) => writer.Bytes(MemoryMarshal.AsBytes(text.AsSpan()));

    public static void Bytes(this ArrayBufferWriter<byte> writer, ReadOnlySpan<byte> bytes)
    {
        writer.Number((ulong)bytes.Length);
        writer.Write(bytes);
    }
}
