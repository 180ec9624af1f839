namespace Samepage.Platform;

/// <summary>What all objects of a kind have in common.</summary>
internal static class KindRules
{
    /// <summary>The last kind. All lie in files but <see cref="SharedObjectKind.Tether"/>.</summary>
    public const SharedObjectKind Last = SharedObjectKind.Service;

    /// <summary>It is memory, whatever is in it; not a wait word.</summary>
    public static bool IsMemory(this SharedObjectKind kind) =>
        kind is SharedObjectKind.Section or SharedObjectKind.ReaderWriterLock
            or SharedObjectKind.Pipe or SharedObjectKind.Topic or SharedObjectKind.Queue or SharedObjectKind.Cell or SharedObjectKind.CellMap or SharedObjectKind.Service;

    /// <summary>In a sentence.</summary>
    public static string Noun(this SharedObjectKind kind) => kind switch
    {
        SharedObjectKind.ReaderWriterLock => "reader-writer lock",
        SharedObjectKind.CellMap => "cell map",
        _ => kind.ToString().ToLowerInvariant(),
    };

    /// <summary>In a sentence, one of many.</summary>
    public static string Article(this SharedObjectKind kind) => (kind == SharedObjectKind.Event ? "an " : "a ") + kind.Noun();
}
