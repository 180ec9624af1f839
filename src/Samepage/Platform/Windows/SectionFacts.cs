using System.Text;
using Samepage.Layout;

namespace Samepage.Platform.Windows;

/// <summary>What is known of a section: as its maker decided it, as its companion tells it, or as the system knows it.</summary>
internal sealed record SectionFacts
{
    public required long Size { get; init; }
    public required MemoryAccess Protection { get; init; }

    /// <summary>What its memory is; that of another program is a section.</summary>
    public SharedObjectKind Kind { get; init; } = SharedObjectKind.Section;

    public SegmentFlags Flags { get; init; }

    /// <summary>From the start; it grows later.</summary>
    public long CommittedLength { get; init; }

    /// <summary>The full name, with its prefix; null for an anonymous section.</summary>
    public ObjectName? Name { get; init; }

    public string? BackingPath { get; init; }

    /// <summary>Tells this section's companion from all others.</summary>
    public Guid Token { get; init; }

    public DateTimeOffset Created { get; init; }
    public int CreatorProcessId { get; init; }
    public string Program { get; init; } = "";

    public bool IsReserved => (Flags & SegmentFlags.Reserve) != 0;

    /// <summary>Those of a section that this process makes now.</summary>
    public static SectionFacts Planned(ObjectName? name, in SectionRequest request, long size, string? path)
    {
        bool reserve = request.Options.Reserve && !request.IsOverFile;
        return new SectionFacts
        {
            Size = size,
            Kind = request.Kind,
            Protection = request.Options.Protection,
            Flags = (reserve ? SegmentFlags.Reserve : 0) | (request.IsOverFile ? SegmentFlags.DiskFile : 0)
                | (request.Options.LargePages ? SegmentFlags.LargePages : 0),
            CommittedLength = reserve ? request.Options.InitialCommit : size,
            Name = name,
            BackingPath = path,
            Token = Guid.NewGuid(),
            Created = DateTimeOffset.UtcNow,
            CreatorProcessId = Environment.ProcessId,
            Program = ThisProcess.Program,
        };
    }

    /// <param name="name">As the caller gave it; null: by the name that the facts carry, if any.</param>
    public SharedObjectInfo ToInfo(ObjectName? name) => new()
    {
        Name = (name ?? Name)?.Full,
        Kind = Kind,
        Scope = (name ?? Name)?.Scope ?? SharedObjectScope.Local,
        Size = Size,
        CommittedSize = CommittedLength,
        Protection = Protection,
        BackingFile = BackingPath,
        Created = Created,
        CreatorProcessId = CreatorProcessId,
        CreatorProgram = Program,
    };

    /// <summary>For messages: <c>section "x" of 4,096 bytes</c>.</summary>
    public override string ToString() =>
        $"{(Name is { } name ? $"{Kind.Noun()} \"{name}\"" : "anonymous section")} of {Size:N0} bytes";

    public int PathByteCount => BackingPath is null ? 0 : Encoding.UTF8.GetByteCount(BackingPath);
}
