using System.CommandLine;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>Bytes into a section.</summary>
internal sealed class WriteVerb : Verb
{
    private readonly Argument<string> _name = Common.Name("Name of the section.");
    private readonly Option<string?> _file = new("--file") { Description = "Take the bytes from this file. Default: standard input.", HelpName = "PATH" };
    private readonly Option<long> _offset = Common.Bytes("--offset", "Where to begin in the section. Default: 0.");
    private readonly HoldOptions _hold = new();

    public WriteVerb(Session session)
        : base(session, "write",
            "Copy standard input or a file into a section. A file whose section does not exist makes one of its size, which is then held.",
            "echo hello | samepage write zzj", "samepage write picture --file photo.bmp", "samepage write zzj --offset 0x100 < patch.bin")
    {
        Add(_name);
        Add(_file);
        Add(_offset);
        _hold.AddTo(this);
    }

    protected override int Run(ParseResult line)
    {
        string name = line.GetRequiredValue(_name);
        string? path = line.GetValue(_file);
        long offset = line.GetValue(_offset);
        using var input = new Input(path);
        bool created = !SharedMemory.TryOpen(name, out SharedMemory? section);
        if (created && (path is null || input.Length is null || offset > 0))
            throw new SharedObjectException(FailureReason.NotFound, "", name, SharedObjectKind.Section);
        section ??= SharedMemory.Create(name, input.Length!.Value);
        using (section)
        {
            long written = Copy(input, section, offset);
            if (!created)
            {
                Session.Terminal.Say(Shown.Invariant($"wrote {Shown.Bytes(written)} to {Shown.Name(name)} at offset {offset:N0}"));
                return ExitCodes.Success;
            }
            Session.Terminal.Say($"created section {Shown.Name(name)} ({Shown.Bytes(section.Size)}) from {Shown.Text(path!)}, held {_hold.Describe(line)}");
            _hold.Wait(line, Session.Ended);
        }
        return ExitCodes.Success;
    }

    private long Copy(Input input, SharedMemory section, long offset)
    {
        if (offset >= section.Size || input.Length > section.Size - offset)
            throw new UsageException(ByteRange.Outside(section, offset, input.Length) + " Nothing was written.");
        using MemoryView view = section.Map(offset);
        using var progress = new Progress(Session.Terminal, input.Length);
        while (progress.Done < view.Length)
        {
            Session.Ended.ThrowIfCancellationRequested();
            int room = (int)Math.Min(ReadVerb.ChunkBytes, view.Length - progress.Done);
            // Memory of a reserved section is committed as the bytes come.
            if (section.CommittedSize < offset + progress.Done + room)
                section.Commit(offset + progress.Done + room);
            int count = input.Read(view.GetSpan(progress.Done, room), Session.Ended);
            if (count == 0)
                return progress.Done;
            progress.Advance(count);
        }
        return input.IsAtEnd(Session.Ended)
            ? progress.Done
            : throw new IOException($"the input does not fit: section {Shown.Name(section.Name)} is full after {Shown.Bytes(progress.Done)}, and there is more.");
    }
}
