using Samepage.Torture.Histories;

namespace Samepage.Torture.Checking;

/// <summary>What holds of something that is counted: nothing is taken that is not there, and nothing is lost or made.</summary>
internal static class CountRules
{
    /// <summary>The argument of what was given without having been taken; without it others could not be explained, so it is never left out.</summary>
    public const long Unpaired = -1;

    public static IEnumerable<Rule> Semaphore(int initial) =>
    [
        new("nothing taken that was not there", history => CheckTaken(history, initial), Unit),
        new("count conserved", history => CheckConserved(history, initial), Unit),
    ];

    /// <summary>An auto-reset event: each set is taken once at most, and one that nobody took is still there.</summary>
    public static IEnumerable<Rule> AutoEvent { get; } =
    [
        new("one woken per set", history => CheckTaken(history, 0), Unit),
        new("a set is not lost", CheckNotLost, _ => Rule.Kept),
    ];

    private static long Unit(Operation operation) => operation.Argument == Unpaired || operation.Code == (int)CountCode.Left ? Rule.Kept : (long)operation.Actor << 32 | operation.Argument;

    private static bool Took(Operation operation) => operation is { Code: (int)CountCode.Take, IsPending: false, Result: (long)WaitResult.Signaled };

    private static bool Gave(Operation operation) => operation.Code == (int)CountCode.Give && (operation.IsPending || operation.Result != 0);

    /// <summary>At any time no more has been taken than was there at first and somebody had begun to give.</summary>
    private static string? CheckTaken(History history, int initial)
    {
        IEnumerable<(long Time, int Change)> changes = history.Operations.Where(Gave).Select(o => (o.Begin, 1)).Concat(history.Operations.Where(Took).Select(o => (o.End, -1)));
        int left = initial;
        // What was given at the same instant as something was taken may have come first.
        foreach ((long time, int change) in changes.OrderBy(c => c.Time).ThenByDescending(c => c.Change))
        {
            left += change;
            if (left < 0)
                return $"at {time} one more was taken than had been there";
        }
        return null;
    }

    private static string? CheckConserved(History history, int initial)
    {
        int least = initial, most = initial;
        long? left = null;
        foreach (Operation operation in history.Operations)
        {
            switch ((CountCode)operation.Code)
            {
                case CountCode.Take when Took(operation):
                    (least, most) = (least - 1, most - 1);
                    break;
                case CountCode.Take when operation.IsPending:
                    least--;
                    break;
                case CountCode.Give when operation.IsPending:
                    most++;
                    break;
                case CountCode.Give when operation.Result != 0:
                    (least, most) = (least + 1, most + 1);
                    break;
                case CountCode.Left:
                    left = operation.Result;
                    break;
            }
        }
        return left is null || left >= least && left <= most ? null : $"{left} are left of {initial}, where it should be {least} to {most}";
    }

    private static string? CheckNotLost(History history)
    {
        Operation left = history.Operations.LastOrDefault(o => o.Code == (int)CountCode.Left);
        if (left.Code != (int)CountCode.Left || left.Result != 0)
            return null;
        // Who died while it waited may have taken one until it was gone.
        IEnumerable<long> taken = history.Operations.Where(Took).Select(o => o.End);
        IEnumerable<long> died = history.Operations.Where(o => o is { Code: (int)CountCode.Take, IsPending: true }).Select(o => history.Actors[o.Actor].Gone);
        long lastTaken = taken.Concat(died).DefaultIfEmpty(0).Max();
        Operation? lost = history.Operations.Where(o => Gave(o) && !o.IsPending && o.Begin > lastTaken).Cast<Operation?>().FirstOrDefault();
        return lost is null ? null : $"what {lost.Value.Actor} set at {lost.Value.Begin} nobody took, and it is not there any more";
    }
}
