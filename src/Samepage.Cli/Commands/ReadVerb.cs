using System.CommandLine;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>The bytes of a section, for programs.</summary>
internal sealed class ReadVerb : Verb
{
    internal const int ChunkBytes = 1 << 20;

    private readonly Argument<string> _name = Common.Name("Name of the section.");
    private readonly Option<string?> _file = new("--file") { Description = "Write them to this file. Default: standard output.", HelpName = "PATH" };
    private readonly Option<long> _offset = Common.Bytes("--offset", "Where to begin. Default: 0.");
    private readonly Option<long> _length = Common.Bytes("--length", "How much. Default: all.");

    public ReadVerb(Session session)
        : base(session, "read", "Copy the bytes of a section to standard output or a file.",
            "samepage read picture --file copy.bmp", "samepage read zzj --length 64 | xxd")
    {
        Add(_name);
        Add(_file);
        Add(_offset);
        Add(_length);
    }

    protected override int Run(ParseResult line)
    {
        string? path = line.GetValue(_file);
        using SharedMemory section = SharedMemory.Open(line.GetRequiredValue(_name), MemoryAccess.Read);
        bool lengthGiven = line.GetResult(_length) is not null;
        var range = ByteRange.ToRead(section, line.GetValue(_offset), lengthGiven ? line.GetValue(_length) : null);
        using MemoryView? view = range.Map(section, MemoryAccess.Read);
        bool toTerminal = path is null && Session.Terminal.IsOutputTerminal;
        if (toTerminal && view is not null)
            Terminal.RefuseUnprintable(view.GetReadOnlySpan(0, (int)Math.Min(view.Length, ChunkBytes)));

        using Stream output = path is null ? Terminal.OpenOutput() : new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        using (var progress = new Progress(Session.Terminal, range.Length, wanted: !toTerminal))
        {
            while (progress.Done < range.Length)
            {
                Session.Ended.ThrowIfCancellationRequested();
                int count = (int)Math.Min(ChunkBytes, range.Length - progress.Done);
                output.Write(view!.GetReadOnlySpan(progress.Done, count));
                progress.Advance(count);
            }
        }
        if (path is not null)
            Session.Terminal.Say($"read {Shown.Bytes(range.Length)} of {Shown.Name(section.Name)} into {Shown.Text(path)}");
        return ExitCodes.Success;
    }
}
