using System.CommandLine;
using System.Text.Json;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>The bytes of a section for people to look at, once or as they change.</summary>
internal sealed class DumpVerb : Verb
{
    private const int ChunkBytes = 48 << 10;
    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(10);

    private readonly Argument<string> _name = Common.Name("Name of the section.");
    private readonly Option<long> _offset = Common.Bytes("--offset", "Where to begin. Default: 0.");
    private readonly Option<long> _length = Common.Bytes("--length", "How much. Default: all.");
    private readonly Option<bool> _follow = new("--follow", "-f") { Description = "Go on: redraw at a terminal, print changed lines in a pipe, until Ctrl+C." };
    private readonly Option<TimeSpan?> _interval = Common.Time("--interval", "With --follow: how often to look. Default: 200ms.");
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON, bytes as base64; with --follow one value a line." };

    public DumpVerb(Session session)
        : base(session, "dump", "Show the bytes of a section as hex and text.",
            "samepage dump zzj", "samepage dump zzj --offset 4K --length 256 --follow", "samepage dump zzj --length 64 --json | jq -r .base64")
    {
        Add(_name);
        Add(_offset);
        Add(_length);
        Add(_follow);
        Add(_interval);
        Add(_json);
    }

    protected override int Run(ParseResult line)
    {
        using SharedMemory section = SharedMemory.Open(line.GetRequiredValue(_name), MemoryAccess.Read);
        bool lengthGiven = line.GetResult(_length) is not null;
        var range = ByteRange.ToRead(section, line.GetValue(_offset), lengthGiven ? line.GetValue(_length) : null);
        using MemoryView? view = range.Map(section, MemoryAccess.Read);
        bool json = line.GetValue(_json);
        if (view is null && !json)
            Session.Terminal.Remark($"nothing to show: of section {Shown.Name(section.Name)} {Shown.Bytes(section.CommittedSize)} are committed.");
        else if (line.GetValue(_follow) && view is not null)
            Follow(view, line.GetValue(_interval) ?? TimeSpan.FromMilliseconds(200), json);
        else if (json)
            WriteJson(section.Name, range, view);
        else
            HexDump.Write(Session.Terminal, view!, Session.Ended);
        return ExitCodes.Success;
    }

    private void Follow(MemoryView view, TimeSpan interval, bool json)
    {
        if (view.Length > ViewWatch.Largest)
            throw new UsageException($"--follow watches {Shown.Bytes(ViewWatch.Largest)} at most: choose a part with --offset and --length.");
        var watch = new ViewWatch(view);
        interval = interval < _shortest ? _shortest : interval;
        if (Session.Terminal.CanRedraw && !json)
            FollowScreen.Run(Session.Terminal, watch, view.SectionName, interval, Session.Ended);
        else
            FollowLines.Run(Session.Terminal, watch, interval, json, Session.Ended);
    }

    /// <summary>Streams, so that the text of a large section never lies in memory as a whole.</summary>
    private void WriteJson(string? name, ByteRange range, MemoryView? view)
    {
        using Stream output = Terminal.OpenOutput();
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = Json.Context.Options.Encoder });
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteNumber("offset", range.Offset);
        json.WriteNumber("length", range.Length);
        json.WritePropertyName("base64");
        long at = 0;
        do
        {
            int count = (int)Math.Min(ChunkBytes, range.Length - at);
            at += count;
            json.WriteBase64StringSegment(view is null ? [] : view.GetReadOnlySpan(at - count, count), isFinalSegment: at == range.Length);
            json.Flush();
            Session.Ended.ThrowIfCancellationRequested();
        }
        while (at < range.Length);
        json.WriteEndObject();
        json.Flush();
        output.Write("\n"u8);
    }
}
