using static Samepage.Conformance.ErrorModel.Fault;

namespace Samepage.Conformance.ErrorModel;

/// <summary>The rows of waiting for several objects.</summary>
internal static class SeveralFaults
{
    private delegate SharedWaitResult Wait(ReadOnlySpan<SharedWaitable> waitables, TimeSpan timeout, CancellationToken token);

    public static IEnumerable<FaultCase> Rows()
    {
        foreach ((string what, Wait wait) in new (string, Wait)[] { ("any", SharedWait.Any), ("all", SharedWait.All) })
        {
            yield return Argument($"W34 waiting for {what} of nothing", "waitables", () => wait([], TimeSpan.Zero, default));
            yield return Thrown<ArgumentException>($"W34 waiting for {what}, one of them null", 0x8007_0057, "index 1", s =>
            {
                SharedSemaphore semaphore = s.Keep(SharedSemaphore.Create(s.Name, 1, 1));
                return () => wait([semaphore, null!], TimeSpan.Zero, default);
            });
            yield return Disposed($"W34 waiting for {what}, one of them closed", nameof(SharedSemaphore), s =>
            {
                SharedSemaphore semaphore = s.Keep(SharedSemaphore.Create(s.Name, 1, 1));
                SharedSemaphore closed = SharedSemaphore.Open(s.Name);
                closed.Dispose();
                return () => wait([semaphore, closed], TimeSpan.Zero, default);
            });
            yield return Thrown<ArgumentOutOfRangeException>($"W34 waiting for {what} for a negative time", 0x8013_1502, "timeout", s =>
            {
                SharedSemaphore semaphore = s.Keep(SharedSemaphore.Create(s.Name, 1, 1));
                return () => wait([semaphore], TimeSpan.FromTicks(-1), default);
            });
            yield return Thrown<OperationCanceledException>($"W34 waiting for {what} by a cancelled token", 0x8013_153B, "canceled", s =>
            {
                SharedSemaphore semaphore = s.Keep(SharedSemaphore.Create(s.Name, 1, 1));
                return () => wait([semaphore], TimeSpan.Zero, new CancellationToken(canceled: true));
            });
        }
        yield return Thrown<ArgumentException>("W34 waiting for all, one of them there twice", 0x8007_0057, null, s =>
        {
            SharedSemaphore semaphore = s.Keep(SharedSemaphore.Create(s.Name, 2, 2));
            SharedSemaphore same = s.Keep(SharedSemaphore.Open(@"Local\" + s.Name));
            return () => SharedWait.All([semaphore, same], TimeSpan.Zero);
        });
        yield return Refused("W34 waiting for all of 65", FailureReason.LimitReached, 298, "65", s =>
        {
            SharedEvent[] many = [.. Enumerable.Range(0, 65).Select(i => s.Keep(SharedEvent.Create($"{s.Name}{i}", EventResetMode.ManualReset)))];
            return () => SharedWait.All(many, TimeSpan.Zero);
        }) with
        { OnLinux = Outcome.Allowed, Because = "Windows takes at most 64 objects at one moment." };
        yield return Refused("W34 waiting for any of 65 mutexes", FailureReason.LimitReached, 298, "65", s =>
        {
            SharedMutex[] many = [.. Enumerable.Range(0, 65).Select(i => s.Keep(SharedMutex.Create($"{s.Name}{i}")))];
            return () =>
            {
                _ = SharedWait.Any(many, TimeSpan.Zero);
                many[0].Release();
            };
        }) with
        { OnLinux = Outcome.Allowed, Because = "On Windows one thread waits for at most 64 objects, and a mutex belongs to the thread that takes it." };
    }
}
