using System.Buffers;
using System.Text;

namespace Samepage.Channels;

/// <summary>Text, as UTF-8. What is no text becomes U+FFFD, as <see cref="Encoding.UTF8"/> has it.</summary>
public sealed class Utf8StringSerializer : IMessageSerializer<string>
{
    /// <summary>It has no state: one is enough.</summary>
    public static Utf8StringSerializer Instance { get; } = new();

    /// <inheritdoc/>
    public void Write(string value, IBufferWriter<byte> writer)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(writer);
        int length = Encoding.UTF8.GetByteCount(value);
        if (length > 0)
            writer.Advance(Encoding.UTF8.GetBytes(value, writer.GetSpan(length)));
    }

    /// <inheritdoc/>
    public string Read(ReadOnlySpan<byte> message) => SharedText.Decode(message);
}
