using System.CommandLine;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>Makes shared memory, or a section over a disk file.</summary>
internal sealed class CreateSectionVerb : CreateKindVerb
{
    private readonly Option<long> _size = Common.Bytes("--size", "Size; over a file it may be left out for the file's length, and more lets the file grow.");
    private readonly Option<bool> _reserve = new("--reserve") { Description = "Reserve addresses only; memory is committed as it is needed." };
    private readonly Option<long> _commit = Common.Bytes("--commit", "With --reserve: how much is committed from the start.");
    private readonly Option<string?> _fromFile = new("--from-file") { Description = "Lay the section over this disk file: its bytes are the file's.", HelpName = "PATH" };
    private readonly Option<bool> _readOnly = new("--read-only") { Description = "Nobody may write to it." };

    public CreateSectionVerb(Session session)
        : base(session, "section", "Make shared memory and hold it.",
            ["user", "group-read", "group", "everyone-read", "everyone"],
            "samepage create section zzj --size 4096",
            "samepage create section log --size 1G --reserve --commit 1M",
            "samepage create section map --from-file europe.dat --read-only")
    {
        Add(_size);
        Add(_reserve);
        Add(_commit);
        Add(_fromFile);
        Add(_readOnly);
        AddShared();
        Validators.Add(line =>
        {
            if (line.GetResult(_size) is null && line.GetResult(_fromFile) is null)
                line.AddError("A section needs a --size, or a file that gives it one (--from-file).");
        });
    }

    protected override IDisposable Make(ParseResult line, string name, SharedAccess access, out string details)
    {
        var options = new SharedMemoryOptions
        {
            Access = access,
            Reserve = line.GetValue(_reserve),
            InitialCommit = line.GetValue(_commit),
            Protection = line.GetValue(_readOnly) ? MemoryAccess.Read : MemoryAccess.ReadWrite,
        };
        string? path = line.GetValue(_fromFile);
        SharedMemory made = path is null
            ? SharedMemory.Create(name, line.GetValue(_size), options)
            : SharedMemory.CreateFromFile(path, name, line.GetValue(_size), options);
        details = $" ({Shown.Bytes(made.Size)}{(options.Reserve ? $" reserved, {Shown.Bytes(made.CommittedSize)} committed" : "")}{(path is null ? "" : $" over {Shown.Text(path)}")})";
        return made;
    }
}
