using Samepage.Channels;

namespace SharedText;

/// <summary>The text that all instances share. It lives as long as one of them.</summary>
internal sealed class LiveText : IDisposable
{
    public const string Name = "SharedText";
    private static readonly Utf8StringSerializer _utf8 = Utf8StringSerializer.Instance;

    // Address space for the longest text; memory only for what is used. An instance that waits for changes has two readers' places.
    private readonly Cell _cell = Cell.CreateOrOpen(Name, new CellOptions { Capacity = 16 << 20, MaxReaders = 127, MaxWriters = 63 });

    /// <summary>The newest text, and how many there were before it.</summary>
    public string Read(out ulong version) => _cell.TryRead(_utf8, out string? text, out version) ? text : "";

    /// <summary>Changes the text. What others wrote meanwhile is in what <paramref name="edit"/> is given, so nobody's change is lost.</summary>
    public void Change(Func<string, string> edit) => _cell.Update(latest => edit(latest ?? ""), _utf8);

    public void Replace(ReadOnlySpan<byte> text) => _cell.Write(text);

    /// <summary>Waits for another version than the one that is known.</summary>
    /// <returns>False: the time has run out.</returns>
    public bool WaitForChange(ulong version, TimeSpan timeout) => _cell.WaitForChange(version, timeout);

    public void Dispose() => _cell.Dispose();
}
