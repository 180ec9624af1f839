using Samepage.Torture.Working;

namespace Samepage.Torture.Linear;

/// <summary>Somebody who plays one round with the object of that round.</summary>
internal abstract class Player(Work work, int round) : IDisposable
{
    private const int RoundShift = 8;

    protected Work Work => work;

    /// <summary>Any operation.</summary>
    public abstract void Step();

    /// <summary>What must be done at the end, as giving back what was taken.</summary>
    public virtual void End()
    {
    }

    public abstract void Dispose();

    public static int RoundOf(int code) => code >> RoundShift;

    public static LinearCode CodeOf(int code) => (LinearCode)(code & ((1 << RoundShift) - 1));

    protected void Begin(LinearCode code, long argument = 0) => work.History.Begin((int)code | round << RoundShift, argument);

    /// <summary>Waits for something, mostly without sleeping.</summary>
    protected WaitResult Take(SharedWaitable waitable)
    {
        TimeSpan time = work.Chance(4) ? work.UpTo(2) : TimeSpan.Zero;
        Begin(LinearCode.Take);
        WaitResult result = waitable.Wait(time);
        work.History.End((long)result);
        return result;
    }
}
