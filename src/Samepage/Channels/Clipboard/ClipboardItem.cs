using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>What is put on a <see cref="Clipboard"/>: the same thing in one or several formats, each there already or promised.</summary>
/// <remarks>For one thread, until it is put on a clipboard.</remarks>
public sealed class ClipboardItem
{
    private readonly Dictionary<string, (byte[]? Data, Func<byte[]>? Render)> _formats = new(StringComparer.Ordinal);

    internal IReadOnlyDictionary<string, (byte[]? Data, Func<byte[]>? Render)> Formats => _formats;

    /// <summary>The thing in a format.</summary>
    /// <param name="format">Its name: 1 to 255 characters.</param>
    /// <param name="data">Copied.</param>
    /// <returns>This.</returns>
    /// <exception cref="ArgumentException">It is no name.</exception>
    public ClipboardItem Add(string format, ReadOnlySpan<byte> data)
    {
        _formats[Checked(format)] = (data.ToArray(), null);
        return this;
    }

    /// <summary>The thing in a format that is made when somebody asks for it (Windows: delayed rendering).</summary>
    /// <param name="format">Its name: 1 to 255 characters.</param>
    /// <param name="render">Called once at most, on a thread of the pool of this process, as long as the item is on the clipboard.</param>
    /// <returns>This.</returns>
    /// <exception cref="ArgumentException">It is no name.</exception>
    public ClipboardItem Promise(string format, Func<byte[]> render)
    {
        ArgumentNullException.ThrowIfNull(render);
        _formats[Checked(format)] = (null, render);
        return this;
    }

    private static string Checked(string format)
    {
        ArgumentException.ThrowIfNullOrEmpty(format);
        return format.Length <= CellMapRow.LongestKey ? format : throw new ArgumentException($"The name of a format has {CellMapRow.LongestKey:N0} characters at most.", nameof(format));
    }
}
