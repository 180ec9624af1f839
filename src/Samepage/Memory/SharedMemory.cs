using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;
using Samepage.Diagnostics;
using Samepage.Platform;

namespace Samepage;

/// <summary>
/// A section: memory that processes share, found by name, inherited by a child, or handed over. Map it to use it: <see cref="Map"/>.
/// </summary>
/// <remarks>
/// The section lives while anyone holds a handle or a view of it, and is gone when the last holder closes or dies, however it dies (W19).
/// All members may be called from any thread; <see cref="Dispose"/> closes this handle and leaves views as they are (W13).
/// Failures are <see cref="SharedObjectException"/> with a <see cref="FailureReason"/>.
/// </remarks>
public sealed class SharedMemory : IDisposable
{
    /// <summary>
    /// In bytes: the multiple at which every system maps (Windows' allocation granularity). Where a view may begin anywhere this does not matter
    /// (<see cref="Map"/>); for wished addresses, and for <see cref="MapMirrored"/>, it does.
    /// </summary>
    public const int MappingGranularity = 65_536;

    private readonly SectionBackend _backend;
    private readonly SharedObjectKind _kind;
    private bool _disposed;

    private SharedMemory(SectionBackend backend, SharedObjectKind kind = SharedObjectKind.Section)
    {
        _backend = backend;
        _kind = kind;
        HeldObjects.Opened(kind);
    }

    /// <summary>Makes a new named section that reads as zeros (W01, W03).</summary>
    /// <param name="name">Up to 260 characters of any Unicode, case-sensitive; <c>Global\</c> before it for all users of the machine (W08).</param>
    /// <param name="size">Bytes, exactly; more than 0 (W02, W06).</param>
    /// <param name="options">How it is made; null for the defaults.</param>
    /// <exception cref="SharedObjectException">The name is taken (W04), memory is short (W12), or the system refused.</exception>
    /// <exception cref="ArgumentException">The name or an option cannot be.</exception>
    public static SharedMemory Create(string name, long size, SharedMemoryOptions? options = null) =>
        Make(ObjectName.Parse(name), Sized(size, options), openExisting: false, out _);

    /// <summary>Makes the section, or opens the one that has the name; then its own size and protection win (W04).</summary>
    /// <param name="name">As for <see cref="Create"/>.</param>
    /// <param name="size">Bytes of a new section.</param>
    /// <param name="created">True when it is new.</param>
    /// <param name="options">How a new one is made.</param>
    public static SharedMemory CreateOrOpen(string name, long size, out bool created, SharedMemoryOptions? options = null) =>
        Make(ObjectName.Parse(name), Sized(size, options), openExisting: true, out created);

    /// <inheritdoc cref="CreateOrOpen(string, long, out bool, SharedMemoryOptions?)"/>
    public static SharedMemory CreateOrOpen(string name, long size, SharedMemoryOptions? options = null) =>
        CreateOrOpen(name, size, out _, options);

    /// <summary>Makes a section without a name, for this process, its children, and those it is offered to (W18).</summary>
    /// <param name="size">Bytes, exactly; more than 0.</param>
    /// <param name="options">How it is made. <see cref="SharedMemoryOptions.Access"/> has no meaning here.</param>
    public static SharedMemory CreateAnonymous(long size, SharedMemoryOptions? options = null) =>
        Make(null, Sized(size, options), openExisting: false, out _);

    /// <summary>Makes a section over a disk file: its bytes are the file's, from byte 0 (W09).</summary>
    /// <param name="path">The file, which exists.</param>
    /// <param name="name">A name under which others open the section, or null.</param>
    /// <param name="size">Bytes; 0 for the file's length; more than that lets the file grow.</param>
    /// <param name="options">How it is made. The file is opened to match the protection.</param>
    /// <remarks>
    /// Where the system allows a mapped file to be cut (Linux does), doing so ends every process that touches a page behind the cut.
    /// </remarks>
    public static SharedMemory CreateFromFile(string path, string? name = null, long size = 0, SharedMemoryOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Make(name is null ? null : ObjectName.Parse(name), OverFile(size, options) with { FilePath = path }, openExisting: false, out _);
    }

    /// <summary>Makes a section over an open disk file, whose access must match the protection (W09). The handle stays the caller's.</summary>
    /// <inheritdoc cref="CreateFromFile(string, string?, long, SharedMemoryOptions?)"/>
    /// <param name="file">The open file.</param>
    /// <param name="name">A name under which others open the section, or null.</param>
    /// <param name="size">Bytes; 0 for the file's length; more than that lets the file grow.</param>
    /// <param name="options">How it is made.</param>
    public static SharedMemory CreateFromFile(SafeFileHandle file, string? name = null, long size = 0, SharedMemoryOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        ObjectDisposedException.ThrowIf(file.IsClosed, file);
        return Make(name is null ? null : ObjectName.Parse(name), OverFile(size, options) with { File = file }, openExisting: false, out _);
    }

    /// <summary>Makes the named section over a disk file, or opens the one that has the name (W04, W09).</summary>
    /// <param name="path">The file, which exists.</param>
    /// <param name="name">The section's name.</param>
    /// <param name="created">True when the section is new.</param>
    /// <param name="size">Bytes; 0 for the file's length.</param>
    /// <param name="options">How a new one is made.</param>
    public static SharedMemory CreateOrOpenFromFile(
        string path, string name, out bool created, long size = 0, SharedMemoryOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Make(ObjectName.Parse(name), OverFile(size, options) with { FilePath = path }, openExisting: true, out created);
    }

    /// <summary>Opens the section of that name (W01). Its size need not be known: <see cref="Size"/> says it (W21).</summary>
    /// <param name="name">As for <see cref="Create"/>.</param>
    /// <param name="access">What views of it will do; the section's protection must allow it (W11).</param>
    /// <exception cref="SharedObjectException">
    /// <see cref="FailureReason.NotFound"/> (W05), <see cref="FailureReason.WrongKind"/> (W07), <see cref="FailureReason.AccessDenied"/> (W11).
    /// </exception>
    public static SharedMemory Open(string name, MemoryAccess access = MemoryAccess.ReadWrite) =>
        TryOpen(name, out SharedMemory? section, access) ? section : throw Absent.Of(name, SharedObjectKind.Section);

    /// <summary>Opens the section of that name if there is one; any obstacle other than its absence is an exception.</summary>
    /// <param name="name">As for <see cref="Create"/>.</param>
    /// <param name="section">The section, or null.</param>
    /// <param name="access">What views of it will do.</param>
    public static bool TryOpen(string name, [NotNullWhen(true)] out SharedMemory? section, MemoryAccess access = MemoryAccess.ReadWrite)
    {
        MemoryAccessRules.Check(access, nameof(access));
        SectionBackend? backend = Host.Platform.TryOpenSection(ObjectName.Parse(name), access, SharedObjectKind.Section);
        section = backend is null ? null : new SharedMemory(backend);
        return section is not null;
    }

    /// <summary>True when a section of that name is alive at this moment.</summary>
    /// <param name="name">As for <see cref="Create"/>.</param>
    public static bool Exists(string name) =>
        Host.Platform.Inspector.Find(ObjectName.Parse(name), withHolders: false)?.Kind == SharedObjectKind.Section;

    /// <summary>Takes a section that this process inherited, or that another one offers (W18).</summary>
    /// <param name="handle">The text of a <see cref="LentHandle"/>, passed on by arguments, environment or any other way.</param>
    public static SharedMemory OpenHandle(string handle)
    {
        ArgumentException.ThrowIfNullOrEmpty(handle);
        return new SharedMemory(Host.Platform.AdoptSection(handle));
    }

    /// <summary>The name, or null for an anonymous section.</summary>
    public string? Name => Backend.Name;

    /// <summary>The size in bytes, exactly as it was asked for.</summary>
    public long Size => Backend.Size;

    /// <summary>How many bytes from the start have memory behind them; equal to <see cref="Size"/> unless the section was reserved (W12).</summary>
    public long CommittedSize => Backend.CommittedSize;

    /// <summary>What views opened through this handle may do.</summary>
    public MemoryAccess Access => Backend.Access;

    /// <summary>What the section says of itself: name, size, creator, time (W21).</summary>
    public SharedObjectInfo Info => Backend.Info;

    private SectionBackend Backend
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _backend;
        }
    }

    /// <summary>Maps a range of the section into this process (W13). The view may outlive this handle.</summary>
    /// <param name="offset">Where the view begins, in bytes; any value within the section.</param>
    /// <param name="length">How long it is, in bytes; 0 for all up to the end.</param>
    /// <param name="access">What it may do (W10, W11); null for all that this handle may.</param>
    /// <param name="address">Where it must lie (W14); 0 leaves the choice to the system.</param>
    /// <exception cref="SharedObjectException">
    /// <see cref="FailureReason.OutOfRange"/>, <see cref="FailureReason.AccessDenied"/>, <see cref="FailureReason.AddressInUse"/>,
    /// <see cref="FailureReason.OutOfSpace"/>.
    /// </exception>
    public MemoryView Map(long offset = 0, long length = 0, MemoryAccess? access = null, nint address = 0)
    {
        SectionBackend backend = Backend;
        MemoryAccess wanted = Checked(backend, offset, length, access);
        return new MemoryView(backend, backend.Map(offset, length == 0 ? backend.Size - offset : length, wanted, address), offset, wanted);
    }

    /// <summary>
    /// Maps a range twice, back to back, as one view of twice its length (W14): byte <c>i</c> and byte <c>length + i</c> are the same, so what runs
    /// over the end of a ring still lies in one piece.
    /// </summary>
    /// <param name="offset">Where the range begins, in bytes; a multiple of <see cref="MappingGranularity"/>.</param>
    /// <param name="length">How long it is, in bytes; a multiple of <see cref="MappingGranularity"/>; 0 for all up to the end.</param>
    /// <param name="access">What the view may do, as for <see cref="Map"/>; no private copy, whose halves would differ.</param>
    /// <exception cref="SharedObjectException">
    /// As for <see cref="Map"/>; <see cref="FailureReason.OutOfRange"/> also when offset or length are no such multiples, or when a part of the
    /// section is only reserved.
    /// </exception>
    public MemoryView MapMirrored(long offset = 0, long length = 0, MemoryAccess? access = null)
    {
        SectionBackend backend = Backend;
        MemoryAccess wanted = Checked(backend, offset, length, access);
        long mapped = CheckedForMirror(backend, offset, length, wanted);
        if (backend.CommittedSize < backend.Size)
        {
            throw new SharedObjectException(FailureReason.OutOfRange,
                $"Section \"{Name}\" cannot be mapped back to back while {backend.Size - backend.CommittedSize:N0} of its bytes are only reserved. Commit all of it first.",
                Name, SharedObjectKind.Section);
        }
        return new MemoryView(backend, MirroredView.Map(Host.Platform, backend, offset, mapped, wanted), offset, wanted);
    }

    /// <summary>
    /// As <see cref="MapMirrored"/>, also of what is only reserved. Nothing within the view is refused: who uses it touches only what was
    /// committed (<see cref="CommitRange"/>). The rest faults on Windows, and takes memory unasked on Linux.
    /// </summary>
    internal MemoryView MapMirroredReserved(long offset, long length)
    {
        SectionBackend backend = Backend;
        MemoryAccess wanted = Checked(backend, offset, length, null);
        long mapped = CheckedForMirror(backend, offset, length, wanted);
        return new MemoryView(backend, MirroredView.Map(Host.Platform, backend, offset, mapped, wanted), offset, wanted, knowsCommitted: true);
    }

    /// <summary>Gives a reserved section memory up to a length (W12). All views see it at once, at the addresses that they have.</summary>
    /// <param name="length">Bytes from the start of the section; less than there is already changes nothing.</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.OutOfSpace"/>: there is not that much; nothing changed.</exception>
    public void Commit(long length)
    {
        SectionBackend backend = Backend;
        if (length < 0 || length > backend.Size)
        {
            throw new SharedObjectException(FailureReason.OutOfRange,
                $"{length:N0} bytes of section \"{Name}\" cannot be committed: {backend.Size:N0} were reserved.", Name, SharedObjectKind.Section);
        }
        RequireWritable(backend);
        backend.Commit(length);
    }

    /// <summary>
    /// Gives the pages of a range memory, anywhere in a reserved section; those that have some keep it and what is in it. All views of all processes
    /// see it at once. <see cref="CommittedSize"/> does not tell of it: who commits ranges keeps account of them.
    /// </summary>
    /// <exception cref="SharedObjectException">
    /// <see cref="FailureReason.OutOfSpace"/>: there is not that much; of a range of many megabytes a part may have it. Such a range is held against what is
    /// free, whatever of it has memory already.
    /// </exception>
    internal void CommitRange(long offset, long length)
    {
        SectionBackend backend = Backend;
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (offset > backend.Size || length > backend.Size - offset)
        {
            throw new SharedObjectException(FailureReason.OutOfRange,
                $"{length:N0} bytes from offset {offset:N0} of section \"{Name}\" cannot be committed: {backend.Size:N0} were reserved.", Name, SharedObjectKind.Section);
        }
        RequireWritable(backend);
        backend.CommitRange(offset, length);
    }

    /// <summary>A handle that child processes inherit (W18). Pass its text to the child, start it, and dispose what this returns.</summary>
    /// <remarks>Every child started before that inherits it; only the one that was given the text knows what to do with it.</remarks>
    public LentHandle GetClientHandle()
    {
        IDisposable local = Backend.MakeInheritable(out string handle);
        return new LentHandle(local, handle);
    }

    /// <summary>A handle that another running process of this user takes with <see cref="OpenHandle"/> (W18). Dispose it when that has happened.</summary>
    public LentHandle Offer()
    {
        IDisposable local = Backend.Offer(out string handle);
        return new LentHandle(local, handle);
    }

    /// <summary>This process takes part in the section, visibly to others, until the membership is disposed or the process ends.</summary>
    /// <returns>To be disposed. It does not keep the section alive: a handle or a view does.</returns>
    /// <exception cref="InvalidOperationException">The section has no name by which others would find its participants.</exception>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.OutOfSpace"/>: a membership is an open file.</exception>
    public SharedMembership Join() => new(Participation.Join());

    /// <summary>Who takes part in the section at this moment, this process included.</summary>
    /// <exception cref="InvalidOperationException">The section has no name by which others would find its participants.</exception>
    public IReadOnlyList<SharedParticipant> Participants() => SharedParticipant.Of(Participation);

    private IParticipation Participation => Backend.Name is not null
        ? Host.Platform.ParticipationIn(_backend)
        : throw new InvalidOperationException(
            "A section without a name has no participants: they find each other by the object's name. Make the section with one, or join a named event beside it.");

    /// <summary>Closes this handle. Views live on.</summary>
    public void Dispose()
    {
        if (!_disposed)
            HeldObjects.Closed(_kind);
        _disposed = true;
        _backend.Dispose();
    }

    /// <summary>Memory of another kind: what it is, its owner knows.</summary>
    internal static SharedMemory OfKind(
        SharedObjectKind kind, ObjectName name, long size, SharedMemoryOptions options, bool openExisting, out bool created) =>
        Make(name, Sized(size, options) with { Kind = kind }, openExisting, out created);

    /// <summary>Opens memory of another kind. Null: no object of that name is alive.</summary>
    internal static SharedMemory? TryOpenOfKind(SharedObjectKind kind, ObjectName name) =>
        Host.Platform.TryOpenSection(name, MemoryAccess.ReadWrite, kind) is { } backend ? new SharedMemory(backend, kind) : null;

    private static SharedMemory Make(ObjectName? name, in SectionRequest request, bool openExisting, out bool created)
    {
        if (request.Options.Access != SharedAccess.User && name is not { Scope: SharedObjectScope.Global })
            throw new ArgumentException(@"Wider access than the user's own needs a name with the prefix Global\.", nameof(request));
        return new SharedMemory(Host.Platform.CreateSection(name, request, openExisting, out created), request.Kind);
    }

    private static SectionRequest Sized(long size, SharedMemoryOptions? options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        SectionRequest request = OverFile(size, options);
        const long Largest = 1L << 47;  // user space of a 64-bit process
        if (size is 0 or > Largest)
            throw new SharedObjectException(FailureReason.InvalidSize, $"A section cannot have {size:N0} bytes: from 1 to {Largest:N0} are possible.", null, SharedObjectKind.Section);
        if (request.Options.InitialCommit > size)
            throw new ArgumentException($"More cannot be committed ({request.Options.InitialCommit:N0} bytes) than is reserved ({size:N0}).", nameof(options));
        return request;
    }

    private static SectionRequest OverFile(long size, SharedMemoryOptions? options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        options ??= new SharedMemoryOptions();
        MemoryAccessRules.Check(options.Protection, nameof(options));
        if (!Enum.IsDefined(options.Access))
            throw new ArgumentOutOfRangeException(nameof(options), options.Access, "This is no access.");
        if (options.InitialCommit < 0 || options.InitialCommit > 0 && !options.Reserve)
            throw new ArgumentException("An initial commit belongs to a reserved section and is not negative.", nameof(options));
        return new SectionRequest(size, options);
    }

    private void RequireWritable(SectionBackend backend)
    {
        if (!backend.Access.WritesThrough())
            throw new SharedObjectException(FailureReason.AccessDenied, $"Section \"{Name}\" is open here for {backend.Access} only.", Name, SharedObjectKind.Section);
    }

    /// <summary>How long the range is, when it can be mapped back to back.</summary>
    private long CheckedForMirror(SectionBackend backend, long offset, long length, MemoryAccess access)
    {
        if (access.IsPrivate())
            throw new ArgumentException("The halves of a mirrored view of a private copy would differ.", nameof(access));
        long mapped = length == 0 ? backend.Size - offset : length;
        return offset % MappingGranularity == 0 && mapped % MappingGranularity == 0
            ? mapped
            : throw new SharedObjectException(FailureReason.OutOfRange,
                $"{mapped:N0} bytes from offset {offset:N0} of section \"{Name}\" cannot be mapped back to back: both must be multiples of {MappingGranularity:N0}.",
                Name, SharedObjectKind.Section);
    }

    /// <summary>What a view may do, when the range lies within the section and the handle allows it.</summary>
    private MemoryAccess Checked(SectionBackend backend, long offset, long length, MemoryAccess? access)
    {
        MemoryAccess wanted = access ?? backend.Access;
        MemoryAccessRules.Check(wanted, nameof(access));
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (offset >= backend.Size || length > backend.Size - offset)
        {
            throw new SharedObjectException(FailureReason.OutOfRange,
                $"A view of {(length == 0 ? "all" : $"{length:N0}")} bytes from offset {offset:N0} does not lie within section \"{Name}\", which has {backend.Size:N0} bytes.",
                Name, SharedObjectKind.Section);
        }
        return backend.Access.Allows(wanted)
            ? wanted
            : throw new SharedObjectException(FailureReason.AccessDenied,
                $"Section \"{Name}\" is open here for {backend.Access}, which does not allow a view for {wanted}.", Name, SharedObjectKind.Section);
    }
}
