using System.Security.Cryptography;
using System.Text;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>What the messages of a channel are, as its first page says it.</summary>
internal static unsafe class MessageType
{
    private const string CutMark = "...";

    public static void Write(ref ChannelHeader header, string type)
    {
        byte[] text = Encoding.UTF8.GetBytes(type);
        fixed (byte* hash = header.TypeHash, room = header.Type)
        {
            _ = SHA256.HashData(text, new Span<byte>(hash, ChannelHeader.HashLength));
            // NO-POINT: nobody reads it before the channel is ready.
            header.TypeLength = Math.Min(text.Length, ChannelHeader.TypeCapacity);
            text.AsSpan(0, header.TypeLength).CopyTo(new Span<byte>(room, ChannelHeader.TypeCapacity));
        }
    }

    /// <summary>The text, or what of it fits.</summary>
    public static string Read(ref ChannelHeader header, string channel)
    {
        int length = header.TypeLength;
        if (length is < 0 or > ChannelHeader.TypeCapacity)
            throw ChannelErrors.Corrupt(channel, $"the text of its messages' type is said to have {length:N0} bytes");
        fixed (byte* room = header.Type)
            return SharedText.Decode(new ReadOnlySpan<byte>(room, length)) + (length == ChannelHeader.TypeCapacity ? CutMark : "");
    }

    /// <summary>Refuses a channel whose messages are of another type.</summary>
    public static void Check(ref ChannelHeader header, string expected, string channel, SharedObjectKind kind)
    {
        Span<byte> hash = stackalloc byte[ChannelHeader.HashLength];
        _ = SHA256.HashData(Encoding.UTF8.GetBytes(expected), hash);
        fixed (byte* theirs = header.TypeHash)
        {
            if (hash.SequenceEqual(new ReadOnlySpan<byte>(theirs, ChannelHeader.HashLength)))
                return;
        }
        string made = Read(ref header, channel);
        throw new SharedObjectException(FailureReason.VersionMismatch,
            $"The messages of \"{channel}\" are {(made.Length == 0 ? "bytes" : $"of {made}")}, and this program's are {(expected.Length == 0 ? "bytes" : $"of {expected}")}. Build both from one definition.", channel, kind);
    }
}
