namespace Samepage.Platform;

/// <summary>Two views of one range, the second right behind the first, as one view of twice the length (W14).</summary>
internal sealed class MirroredView : ViewBackend
{
    // Between finding a free stretch and mapping both views, another thread may map there; that is noticed, and another stretch is found.
    private const int MostAttempts = 100;

    private readonly ViewBackend _lower;
    private readonly ViewBackend _upper;

    private MirroredView(ViewBackend lower, ViewBackend upper)
    {
        _lower = lower;
        _upper = upper;
    }

    public override nint Address => _lower.Address;

    public override long Length => 2 * _lower.Length;

    public static MirroredView Map(IPlatform platform, SectionBackend section, long offset, long length, MemoryAccess access)
    {
        for (int attempt = 1; ; attempt++)
        {
            nint address = platform.FindFreeAddress(2 * length, section.Name);
            ViewBackend? lower = null;
            try
            {
                lower = section.Map(offset, length, access, address);
                return new MirroredView(lower, section.Map(offset, length, access, address + (nint)length));
            }
            catch (SharedObjectException taken) when (taken.Reason == FailureReason.AddressInUse && attempt < MostAttempts)
            {
                lower?.Dispose();
            }
            catch
            {
                lower?.Dispose();
                throw;
            }
        }
    }

    public override void Flush(long offset, long length) => InHalves(offset, length, static (view, at, count) => view.Flush(at, count));

    public override void Protect(long offset, long length, MemoryAccess access) =>
        InHalves(offset, length, (view, at, count) => view.Protect(at, count, access));

    public override void Lock(long offset, long length) => InHalves(offset, length, static (view, at, count) => view.Lock(at, count));

    public override void Unlock(long offset, long length) => InHalves(offset, length, static (view, at, count) => view.Unlock(at, count));

    public override void Prefetch(long offset, long length) => InHalves(offset, length, static (view, at, count) => view.Prefetch(at, count));

    public override MemoryRegion Query(long offset)
    {
        if (offset < _lower.Length)
            return _lower.Query(offset);
        MemoryRegion region = _upper.Query(offset - _lower.Length);
        return region with { Offset = region.Offset + _lower.Length };
    }

    public override void Dispose()
    {
        _upper.Dispose();
        _lower.Dispose();
    }

    private void InHalves(long offset, long length, Action<ViewBackend, long, long> action)
    {
        (long below, long above) = Split(offset, length);
        if (below > 0)
            action(_lower, offset, below);
        if (above > 0)
            action(_upper, offset + below - _lower.Length, above);
    }

    /// <summary>How much of a range lies in either half.</summary>
    private (long Below, long Above) Split(long offset, long length)
    {
        long below = Math.Clamp(_lower.Length - offset, 0, length);
        return (below, length - below);
    }
}
