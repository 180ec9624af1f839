using Xunit.Runner.InProc.SystemConsole;

namespace Samepage.Interop;

/// <summary>Runs the tests; or, started by one of them, owns a mutex until it is killed.</summary>
internal static class Program
{
    public const string OwnArgument = "--own";

    public static int Main(string[] args)
    {
        if (args is not [OwnArgument, string name])
            return ConsoleRunner.Run(args).GetAwaiter().GetResult();
        using SharedMutex mutex = SharedMutex.Open(name);
        _ = mutex.Wait();
        Console.WriteLine("owned");
        _ = Console.ReadLine();
        return 0;
    }
}
