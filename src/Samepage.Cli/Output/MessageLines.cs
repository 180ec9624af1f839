using System.Text;

namespace Samepage.Cli.Output;

/// <summary>How messages are printed.</summary>
internal enum MessageStyle
{
    Text,
    Hex,
    Raw,
    Json,
}

/// <summary>Prints messages as they come. In a pipe their bytes are printed as they are; a terminal gets nothing that it would obey.</summary>
internal sealed class MessageLines(Terminal terminal, MessageStyle style) : IDisposable
{
    private const int BufferBytes = 64 << 10;
    private static readonly UTF8Encoding _strict = new(false, throwOnInvalidBytes: true);

    private readonly BufferedStream _output = new(Terminal.OpenOutput(), BufferBytes);

    /// <param name="message">Its bytes.</param>
    /// <param name="kind">What its writer called its kind, where there are any.</param>
    /// <param name="deliveries">How often it was given to somebody, where that is known.</param>
    /// <param name="number">The how manieth value of a cell it is.</param>
    public void Write(ReadOnlySpan<byte> message, uint? kind = null, int? deliveries = null, ulong? number = null)
    {
        switch (style)
        {
            case MessageStyle.Raw:
                if (terminal.IsOutputTerminal)
                    Terminal.RefuseUnprintable(message);
                _output.Write(message);
                break;
            case MessageStyle.Text when !terminal.IsOutputTerminal:
                _output.Write(message);
                _output.WriteByte((byte)'\n');
                break;
            case MessageStyle.Text:
                Print(Shown.Text(Encoding.UTF8.GetString(message)) + "\n");
                break;
            case MessageStyle.Hex:
                Print(Hex(message, kind is not null ? Shown.Invariant($"kind {kind}, ") : number is not null ? Shown.Invariant($"value {number}, ") : ""));
                break;
            default:
                Print(System.Text.Json.JsonSerializer.Serialize(Of(message, kind, deliveries, number), Json.Lines.MessageJson) + "\n");
                break;
        }
    }

    /// <summary>Whoever reads may have waited for it.</summary>
    public void Flush() => _output.Flush();

    /// <summary>Prints what is left, if that can be: only <see cref="Flush"/> tells.</summary>
    public void Dispose()
    {
        try
        {
            _output.Dispose();
        }
        catch (IOException)
        {
            // It has been told, or nobody reads any more.
        }
    }

    /// <summary>Null: the bytes are no text.</summary>
    public static string? TextOf(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return _strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static MessageJson Of(ReadOnlySpan<byte> message, uint? kind, int? deliveries, ulong? number)
    {
        string? text = TextOf(message);
        return new MessageJson(kind, number, message.Length, deliveries, text, text is null ? message.ToArray() : null);
    }

    private static string Hex(ReadOnlySpan<byte> message, string before)
    {
        var text = new StringBuilder($"{before}{Shown.Bytes(message.Length)}\n");
        for (int at = 0; at < message.Length; at += HexLine.Bytes)
            HexLine.Append(text, at, message.Slice(at, Math.Min(HexLine.Bytes, message.Length - at)));
        return text.ToString();
    }

    private void Print(string text) => _output.Write(Encoding.UTF8.GetBytes(text));
}
