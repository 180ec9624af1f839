using System.Buffers;

namespace Samepage.Channels;

/// <summary>How values become messages and come back. Any channel of bytes takes one; both sides must use the same.</summary>
/// <typeparam name="T">What the values are.</typeparam>
/// <remarks>One serializer may be used by any threads at the same time.</remarks>
public interface IMessageSerializer<T>
{
    /// <summary>Writes a value, mostly straight into the shared memory of the channel.</summary>
    /// <param name="value">The value.</param>
    /// <param name="writer">To be used only until this returns. What it lends holds what was there before.</param>
    void Write(T value, IBufferWriter<byte> writer);

    /// <summary>Reads a value back.</summary>
    /// <param name="message">
    /// The bytes of one message, in one piece, where they lie in shared memory: whoever may write there can change them at any moment, and may have
    /// written anything. To be used only until this returns.
    /// </param>
    T Read(ReadOnlySpan<byte> message);
}
