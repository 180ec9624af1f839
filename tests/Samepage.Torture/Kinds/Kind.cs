using Samepage.Torture.Checking;
using Samepage.Torture.Histories;
using Samepage.Torture.Working;

namespace Samepage.Torture.Kinds;

/// <summary>One kind of object under torture: who does what with it, and what must hold afterwards.</summary>
internal abstract class Kind(string name)
{
    public string Name => name;

    /// <summary>The roles that run at one time, a word for each thread.</summary>
    public abstract IReadOnlyList<string> Roles { get; }

    /// <summary>Who takes what others bring: it ends after them.</summary>
    public virtual bool IsConsumer(string role) => false;

    /// <summary>Makes the objects; the driver holds them, so that they stay whoever dies.</summary>
    public abstract IDisposable? Prepare(string name);

    /// <summary>A role, in a worker, until it shall end.</summary>
    public abstract void Run(string role, Work work);

    /// <summary>What the driver does when all others have ended: it takes what is left, and writes down in what state things are.</summary>
    public virtual void Conclude(Work work)
    {
    }

    public abstract IEnumerable<Rule> Rules { get; }

    /// <summary>An operation, for people.</summary>
    public abstract string Describe(Operation operation);

    protected static string Describe<TCode>(Operation operation, Func<long, string>? argument = null, Func<long, string>? result = null) where TCode : struct, Enum =>
        $"{Enum.GetName(typeof(TCode), operation.Code)}({(argument ?? Number)(operation.Argument)}) = {(operation.IsPending ? "pending" : $"{(result ?? Number)(operation.Result)}, {operation.Detail}")}";

    private static string Number(long number) => $"{number}";
}
