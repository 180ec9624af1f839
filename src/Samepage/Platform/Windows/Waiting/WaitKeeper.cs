using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows.Waiting;

/// <summary>A thread that sleeps for all pending asynchronous waits for up to 63 objects, whoever and however many they are.</summary>
/// <remarks>
/// What it takes it hands to the wait that came first, or gives back where the last one has just ended. A wait that is over is dismissed by each keeper whose
/// object nobody else waits for: the keeper no longer sleeps on that object when it says so.
/// <para>
/// A mutex that it takes for a flow (<see cref="KernelFlowLock"/>) it owns until a flow releases it, and does not sleep on meanwhile: it would get it again at once.
/// </para>
/// </remarks>
internal sealed unsafe class WaitKeeper : IMutexOwner
{
    private const int MostPlaces = Win32.MostWaits - 1;
    private const int Stack = 256 * 1024;

    private static readonly TimeSpan _idle = TimeSpan.FromSeconds(10);
    private static readonly List<WaitKeeper> _all = [];
    private static readonly Dictionary<nint, Place> _placeOf = [];
    private static long _joined;

    private readonly KernelHandle _stir;
    private readonly List<Place> _places = [];
    private readonly List<Place> _asleepOn = [];
    private readonly List<FlowMutex> _releases = [];
    private readonly List<PendingAny> _leaving = [];

    private int _owned;

    // It will look at everything before it sleeps again.
    private bool _looks = true;

    // The last that joined before it fell asleep.
    private long _asleepSince;

    private WaitKeeper(KernelHandle stir) => _stir = stir;

    /// <summary>Guards all keepers, and all waits that they know of.</summary>
    public static Lock Gate { get; } = new();

    /// <summary>Under the gate: from now on the object's signals are this wait's, too. The handle is held until the wait is dismissed.</summary>
    public static Interest Join(PendingAny wait, int index, nint handle, IKernelWaitable waitable)
    {
        if (!_placeOf.TryGetValue(handle, out Place? place))
        {
            WaitKeeper keeper = _all.Find(k => k._places.Count < MostPlaces) ?? Start();
            place = new Place(keeper, handle, waitable);
            place.Mutex?.Enter();
            keeper._places.Add(place);
            _placeOf.Add(handle, place);
            keeper.Stir();
        }
        // A manual-reset event ends the waits that the keeper knew of when it fell asleep.
        else if (place.IsManual)
            place.Keeper.Stir();
        var interest = new Interest(wait, index, place, ++_joined);
        place.Interests.AddLast(interest.Node);
        return interest;
    }

    /// <summary>Under the gate: the wait is over.</summary>
    public static void Leave(Interest interest)
    {
        Place place = interest.Place;
        place.Interests.Remove(interest.Node);
        if (place.Interests.Count > 0)
            return;
        interest.Wait.Unsettled++;
        place.Keeper._leaving.Add(interest.Wait);
        place.LastToLeave = interest;
        place.Keeper.Stir();
    }

    public void Release(FlowMutex mutex)
    {
        _releases.Add(mutex);
        Stir();
    }

    private static WaitKeeper Start()
    {
        KernelHandle stir = Kernel32.CreateEvent(null, null, 0, Win32.EventAccess);
        if (stir.IsInvalid)
            throw WindowsErrors.Translate("CreateEventExW", WindowsErrors.Last, "Beginning an asynchronous wait");
        var keeper = new WaitKeeper(stir);
        try
        {
            new Thread(keeper.Run, Stack) { IsBackground = true, Name = "Samepage waits" }.UnsafeStart();
        }
        catch
        {
            stir.Dispose();
            throw;
        }
        _all.Add(keeper);
        return keeper;
    }

    private void Stir()
    {
        if (_looks)
            return;
        _looks = true;
        _ = Kernel32.SetEvent(_stir);
    }

    private void Run()
    {
        nint* handles = stackalloc nint[Win32.MostWaits];
        handles[0] = _stir.DangerousGetHandle();
        var ended = new List<PendingAny>();
        uint result = 0;
        while (true)
        {
            int count;
            bool isIdle;
            lock (Gate)
            {
                Dismiss(ended);
                GiveUp();
                isIdle = _places.Count == 0 && _owned == 0;
                if (isIdle && result == Win32.WaitTimedOut)
                {
                    _all.Remove(this);
                    break;
                }
                _asleepOn.Clear();
                foreach (Place place in _places)
                {
                    if (place.Mutex?.IsOwnedBy(this) == true)
                        continue;
                    _asleepOn.Add(place);
                    handles[_asleepOn.Count] = place.Handle;
                }
                count = _asleepOn.Count;
                _asleepSince = _joined;
                _looks = false;
            }
            Complete(ended);
            result = KernelWait.Sleep(handles, count + 1, all: false, isIdle ? _idle : Timeout.InfiniteTimeSpan);
            int error = WindowsErrors.Last;
            lock (Gate)
            {
                _looks = true;
                if (result == Win32.WaitFailed)
                    Fail(WindowsErrors.Translate("WaitForMultipleObjectsEx", error, "Waiting for those who wait asynchronously"), ended);
                else if (result > 0 && result <= count)
                    Take(_asleepOn[(int)result - 1], WaitResult.Signaled, ended);
                else if (result > Win32.WaitAbandoned && result <= Win32.WaitAbandoned + count)
                    Take(_asleepOn[(int)(result - Win32.WaitAbandoned) - 1], WaitResult.Abandoned, ended);
            }
        }
        _stir.Dispose();
        Complete(ended);
    }

    private void Dismiss(List<PendingAny> ended)
    {
        foreach (PendingAny wait in _leaving)
        {
            if (--wait.Unsettled == 0)
                ended.Add(wait);
        }
        _leaving.Clear();
        foreach (Place place in _places)
        {
            if (place.Interests.Count > 0)
                continue;
            _placeOf.Remove(place.Handle);
            place.Mutex?.Leave();
        }
        _places.RemoveAll(static p => p.Interests.Count == 0);
    }

    private void GiveUp()
    {
        foreach (FlowMutex mutex in _releases)
        {
            mutex.GiveUp();
            _owned--;
        }
        _releases.Clear();
    }

    private void Take(Place place, WaitResult result, List<PendingAny> ended)
    {
        // Last, next time: one that is signalled again and again must not keep the others from being seen.
        _places.Remove(place);
        _places.Add(place);
        if (place.IsManual)
        {
            while (place.Interests.First?.Value is { } one && one.Joined <= _asleepSince)
                End(one, result, ended);
        }
        else if (place.Interests.First?.Value is { } first)
        {
            Own(place.Mutex);
            End(first, result, ended);
        }
        else if (result == WaitResult.Abandoned)
        {
            // Given back, it would tell nobody any more of the death. The wait that left last has not been told how it ended: it ended like this.
            Own(place.Mutex);
            place.LastToLeave!.Wait.EndsWithAfterAll(place.LastToLeave, result);
        }
        else
            place.GiveBack();
    }

    private void Own(FlowMutex? taken)
    {
        if (taken is null)
            return;
        taken.Take(this);
        _owned++;
    }

    private void Fail(Exception failure, List<PendingAny> ended)
    {
        foreach (Place place in _places)
        {
            while (place.Interests.First?.Value is { } one)
            {
                if (one.Wait.IsOverWith(failure))
                    ended.Add(one.Wait);
            }
        }
    }

    private static void End(Interest taken, WaitResult result, List<PendingAny> ended)
    {
        if (taken.Wait.IsOverWith(taken, result))
            ended.Add(taken.Wait);
    }

    private static void Complete(List<PendingAny> ended)
    {
        foreach (PendingAny wait in ended)
            wait.Complete();
        ended.Clear();
    }

    /// <summary>One object among those that a keeper sleeps on, and the waits for it, the oldest first.</summary>
    public sealed class Place(WaitKeeper keeper, nint handle, IKernelWaitable waitable)
    {
        public WaitKeeper Keeper => keeper;

        public nint Handle => handle;

        /// <summary>Of a lock that flows hold: the mutex.</summary>
        public FlowMutex? Mutex { get; } = (waitable as KernelFlowLock)?.Mutex;

        /// <summary>Whose leaving left nobody else, and who has not been dismissed yet.</summary>
        public Interest? LastToLeave { get; set; }

        public bool IsManual { get; } = waitable is EventBackend { Mode: EventResetMode.ManualReset };

        public LinkedList<Interest> Interests { get; } = [];

        public void GiveBack() => waitable.GiveBack(handle);
    }

    /// <summary>One wait's place in the queue for one object.</summary>
    public sealed class Interest
    {
        public Interest(PendingAny wait, int index, Place place, long joined)
        {
            (Wait, Index, Place, Joined) = (wait, index, place, joined);
            Node = new LinkedListNode<Interest>(this);
        }

        public PendingAny Wait { get; }

        public int Index { get; }

        public Place Place { get; }

        /// <summary>In the order of all.</summary>
        public long Joined { get; }

        public LinkedListNode<Interest> Node { get; }
    }
}
