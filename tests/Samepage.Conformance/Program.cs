using System.Runtime.CompilerServices;
using Samepage.Conformance.Peers;
using Xunit.Runner.InProc.SystemConsole;

namespace Samepage.Conformance;

/// <summary>Runs the tests; or, started by one of them with <c>--peer</c>, is the other process.</summary>
internal static class Program
{
    /// <summary>As many as the tests block at one time, and those that let them go.</summary>
    private const int PoolThreads = 64;

    /// <summary>Where the processors are busy the pool makes a thread in ten seconds for those that its own threads wait for.</summary>
    [ModuleInitializer]
    internal static void MakeRoom() => ThreadPool.SetMinThreads(PoolThreads, PoolThreads);

    public static int Main(string[] args) => args is [Peer.Argument]
        ? PeerProgram.Run(Console.In, Console.Out)
        : ConsoleRunner.Run(args).GetAwaiter().GetResult();
}
