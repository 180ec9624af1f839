namespace Samepage.Platform;

/// <summary>One mapped range. Offsets are relative to the view and have been checked against its length.</summary>
internal abstract class ViewBackend : IDisposable
{
    public abstract nint Address { get; }
    public abstract long Length { get; }
    public abstract void Flush(long offset, long length);
    public abstract void Protect(long offset, long length, MemoryAccess access);
    public abstract void Lock(long offset, long length);
    public abstract void Unlock(long offset, long length);
    public abstract void Prefetch(long offset, long length);

    /// <summary>The access of the run of pages around an offset, and how much of it is resident.</summary>
    public abstract MemoryRegion Query(long offset);

    public abstract void Dispose();
}
