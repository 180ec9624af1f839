namespace Samepage.Platform;

/// <summary>One open handle of a section.</summary>
internal abstract class SectionBackend : IDisposable
{
    public abstract SharedObjectInfo Info { get; }
    public abstract string? Name { get; }
    public abstract long Size { get; }
    public abstract long CommittedSize { get; }

    /// <summary>What views opened through this handle may do: the section's protection, narrowed by how it was opened.</summary>
    public abstract MemoryAccess Access { get; }

    /// <summary>The caller has checked offset and length against <see cref="Size"/> and access against <see cref="Access"/>.</summary>
    public abstract ViewBackend Map(long offset, long length, MemoryAccess access, nint address);

    public abstract void Commit(long length);

    /// <summary>
    /// Gives the whole pages around a range memory, whether they had some or not; <see cref="CommittedSize"/> does not tell of it.
    /// The caller has checked the range against <see cref="Size"/> and that <see cref="Access"/> writes through.
    /// </summary>
    public abstract void CommitRange(long offset, long length);

    /// <summary>A handle that children inherit, as text; the caller keeps the returned local copy until they have started.</summary>
    public abstract IDisposable MakeInheritable(out string handle);

    /// <summary>A handle that another process of this user can take, as text; it must be kept until that happened.</summary>
    public abstract IDisposable Offer(out string handle);

    public abstract void Dispose();
}
