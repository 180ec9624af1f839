namespace Samepage.Channels;

/// <summary>One thing at a time, in several formats, for everybody to put there and take copies of (W45).</summary>
/// <remarks>
/// It is a <see cref="Cell"/>: who takes waits for nobody, but for a format that is only promised. It lives while anyone holds a handle of it (W19), and
/// what is on it with it. What was promised is gone when the owner's process ends or its handle is disposed. All members may be called from any thread at
/// the same time, but for <see cref="Dispose"/>, which comes last.
/// </remarks>
public sealed class Clipboard : IDisposable
{
    private const string Type = "clipboard";

    private readonly Cell _cell;
    private readonly ulong _id = (ulong)Random.Shared.NextInt64(1, long.MaxValue);
    private readonly CancellationTokenSource _disposed = new();
    private readonly Lock _gate = new();

    private Clipboard(Cell cell) => _cell = cell;

    /// <summary>The name.</summary>
    public string Name => _cell.Name;

    /// <summary>How many times something was put there, or taken away (Windows: GetClipboardSequenceNumber).</summary>
    public long SequenceNumber => (long)Look(out _).Sequence;

    /// <summary>The process that put there what is there, for people; 0: there is nothing.</summary>
    public int OwnerProcessId => Look(out _).ProcessId;

    /// <summary>What is there was put there by this handle.</summary>
    public bool IsOwner => Look(out _).Owner == _id;

    /// <summary>In which formats the thing is there, or promised by somebody who lives.</summary>
    public IReadOnlyList<string> Formats
    {
        get
        {
            ClipboardContent content = Look(out _);
            return [.. content.Formats.Where(f => f.Value.State == ClipboardContent.State.There || IsAlive(content)).Select(f => f.Key)];
        }
    }

    /// <summary>Makes the clipboard, or opens the one that has the name.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/> (W08).</param>
    /// <param name="capacity">If it is new: the most bytes of all formats of a thing together, with their names. Memory is taken as it is needed.</param>
    /// <param name="access">If it is new: who may open it (W20).</param>
    /// <exception cref="SharedObjectException">
    /// <see cref="FailureReason.WrongKind"/>: the name is another object's (W07). <see cref="FailureReason.VersionMismatch"/>: it is a cell and no clipboard.
    /// <see cref="FailureReason.LimitReached"/>: 255 have it open, or wait.
    /// </exception>
    public static Clipboard CreateOrOpen(string name, int capacity = 16 << 20, SharedAccess access = SharedAccess.User) =>
        new(Cell.CreateOrOpen(name, Type, new CellOptions { Capacity = capacity, Access = access, MaxReaders = 255, MaxWriters = 127 }));

    /// <summary>Puts something there, in place of what was there.</summary>
    /// <param name="item">What.</param>
    /// <exception cref="ArgumentException">It is longer than the clipboard was made for, with the names of its formats; what was there stays.</exception>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.OutOfSpace"/>: there is no memory for it; what was there stays.</exception>
    public void Set(ClipboardItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        ulong sequence = Replace(item);
        if (item.Formats.Values.Any(f => f.Render is not null))
            _ = KeepPromisesAsync(item, sequence);
    }

    /// <summary>Takes away what is there.</summary>
    public void Clear() => Replace(null);

    /// <summary>A copy of what is there, in a format; if that is promised, once its owner has made it.</summary>
    /// <param name="format">Its name.</param>
    /// <param name="timeout">How long to wait for the owner; as for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null: there is nothing in that format, or not in time, or its owner ended or failed before it had made it.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public byte[]? Get(string format, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var time = new TimeLeft(timeout);
        byte[]? data;
        while (!TryGet(format, out data, out ulong number, out ClipboardContent content))
        {
            if (!_cell.Core.WaitForChange(_cell.Slots, number, time.Left, cancellationToken, () => !IsAlive(content)))
                return null;
        }
        return data;
    }

    /// <summary>As <see cref="Get"/>, without a thread that waits.</summary>
    /// <inheritdoc cref="Get"/>
    public async ValueTask<byte[]?> GetAsync(string format, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var time = new TimeLeft(timeout);
        byte[]? data;
        while (!TryGet(format, out data, out ulong number, out ClipboardContent content))
        {
            if (!await _cell.Core.WaitForChangeAsync(_cell.Slots, number, time.Left, cancellationToken, () => !IsAlive(content)).ConfigureAwait(false))
                return null;
        }
        return data;
    }

    /// <summary>Waits until something else is there, or nothing.</summary>
    /// <param name="since">The <see cref="SequenceNumber"/> of what is known.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The sequence number of what is there.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public async ValueTask<long> WaitForChangeAsync(long since, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var sequence = (long)Look(out ulong number).Sequence;
            if (sequence != since)
                return sequence;
            // Formats that are rendered change the cell, and not what is there.
            await _cell.WaitForChangeAsync(number, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Closes this handle. What it put there stays, but for what it promised and has not made.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed.IsCancellationRequested)
                return;
            _disposed.Cancel();
            try
            {
                if (IsOwner)
                    Change(content => content.Owner == _id && content.BreakPromises());
            }
            catch (SharedObjectException)
            {
                // Damaged, or without memory: who asks for a promise is told when this process ends.
            }
            finally
            {
                _cell.Dispose();
            }
        }
    }

    private ClipboardContent Look(out ulong number) => ClipboardContent.Read(_cell.ToArray(out number), Name);

    private bool IsAlive(ClipboardContent content) => _cell.Core.Channel.Lives.IsAliveNow(content.Life);

    /// <summary>Changes what is there, while nobody else does; the function says whether it has.</summary>
    private void Change(Func<ClipboardContent, bool> change) => _cell.Update((change, Name), static (latest, given) =>
    {
        ClipboardContent content = ClipboardContent.Read(latest, given.Name);
        return given.change(content) ? content.ToBytes() : latest;
    });

    private ulong Replace(ClipboardItem? item)
    {
        ulong sequence = 0;
        Change(content =>
        {
            sequence = ++content.Sequence;
            (content.Life, content.Owner, content.ProcessId) = item is null ? (0, 0, 0) : (_cell.Core.Channel.Lives.Own, _id, Environment.ProcessId);
            content.Formats.Clear();
            foreach ((string format, (byte[]? data, _)) in item?.Formats ?? new Dictionary<string, (byte[]?, Func<byte[]>?)>())
                content.Formats.Add(format, data is null ? (ClipboardContent.State.Promised, []) : (ClipboardContent.State.There, data));
            return true;
        });
        return sequence;
    }

    /// <summary>False: it was asked for, and is to be waited for.</summary>
    private bool TryGet(string format, out byte[]? data, out ulong number, out ClipboardContent content)
    {
        content = Look(out number);
        data = null;
        if (!content.Formats.TryGetValue(format, out (ClipboardContent.State State, byte[] Data) found))
            return true;
        if (found.State == ClipboardContent.State.There)
        {
            data = found.Data;
            return true;
        }
        if (!IsAlive(content))
            return true;
        if (found.State == ClipboardContent.State.Promised)
        {
            ulong sequence = content.Sequence;
            Change(now => now.Sequence == sequence && now.Answer(format, ClipboardContent.State.Wanted, []));
        }
        return false;
    }

    private async Task KeepPromisesAsync(ClipboardItem item, ulong sequence)
    {
        await Task.Yield();
        try
        {
            while (true)
            {
                ClipboardContent content;
                ulong number;
                lock (_gate)
                {
                    _disposed.Token.ThrowIfCancellationRequested();
                    content = Look(out number);
                }
                if (content.Sequence != sequence || content.Formats.Values.All(f => f.State == ClipboardContent.State.There))
                    return;
                string? wanted = content.Formats.FirstOrDefault(f => f.Value.State == ClipboardContent.State.Wanted).Key;
                if (wanted is null)
                    await _cell.WaitForChangeAsync(number, _disposed.Token).ConfigureAwait(false);
                else
                    Keep(item, sequence, wanted);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The handle was disposed, and its promises are gone with it.
        }
    }

    private void Keep(ClipboardItem item, ulong sequence, string format)
    {
        byte[]? made = null;
        try
        {
            made = item.Formats.TryGetValue(format, out (byte[]? Data, Func<byte[]>? Render) promised) ? promised.Render?.Invoke() : null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Who asked is told that there is nothing, and the others are still to be made.
        }
        lock (_gate)
        {
            if (!_disposed.IsCancellationRequested)
                Answer(sequence, format, made);
        }
    }

    private void Answer(ulong sequence, string format, byte[]? made)
    {
        try
        {
            Change(now => now.Sequence == sequence && now.Answer(format, ClipboardContent.State.There, made));
        }
        catch (ArgumentException)
        {
            // With it, all would be longer than there is room for.
            Change(now => now.Sequence == sequence && now.Answer(format, ClipboardContent.State.There, null));
        }
    }
}
