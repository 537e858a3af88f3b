DROP INDEX cases_in_hand_idx;
DROP TRIGGER case_turn_changed ON cases;
DROP TRIGGER case_turn_made ON cases;
DROP FUNCTION case_turn();
DROP TABLE case_turns, case_assignments, qa_evaluations, qa_scorecards, routing_cursors, routing_rules, agent_presence,
    agents, skills;
