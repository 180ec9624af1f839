namespace Samepage.Diagnostics;

/// <summary>The names of what measurements and activities say of an object.</summary>
internal static class Tags
{
    public const string Kind = "samepage.channel.kind";
    public const string ObjectKind = "samepage.object.kind";
    public const string Name = "samepage.name";
    public const string Direction = "samepage.direction";
    public const string Sent = "sent";
    public const string Received = "received";

    public static string Of(SharedObjectKind kind) => kind switch
    {
        SharedObjectKind.ReaderWriterLock => "reader_writer_lock",
        SharedObjectKind.CellMap => "cell_map",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
