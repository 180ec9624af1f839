namespace Samepage.Tests.Support;

/// <summary>What an action allocates on its thread, each time that it is called.</summary>
internal static class Allocation
{
    private const int Rows = 4;

    /// <summary>
    /// The least of several rows of calls counts: what an action allocates it allocates in all of them. What the runtime makes once, as when two threads first fight over a lock, falls
    /// into one.
    /// </summary>
    public static void IsNone(Action action, int calls = 1_000)
    {
        for (int i = 0; i < 100; i++)
            action();
        long least = long.MaxValue;
        for (int row = 0; row < Rows; row++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < calls; i++)
                action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);
    }
}
